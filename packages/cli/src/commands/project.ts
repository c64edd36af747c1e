import { placeCommand } from '../command/place-command.js';

export const command = placeCommand('project', 'acme/shop');
