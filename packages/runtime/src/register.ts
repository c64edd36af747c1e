/** `node --import @dormouse/runtime/register app.js`: starts the agent from the environment. */
import process from 'node:process';
import { isOn, readConfig } from './config/config.js';

// Where the agent stays off, nothing more of it is loaded, unless somebody wants to know why.
if (typeof readConfig({}, process.env) === 'object' || isOn(process.env['DORMOUSE_DEBUG'])) {
  const { start } = await import('./index.js');
  start();
}
