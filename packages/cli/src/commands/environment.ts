import { placeCommand } from '../command/place-command.js';

export const command = placeCommand('environment', 'acme/shop/staging');
