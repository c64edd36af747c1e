/** `node --import @dormouse/runtime/register app.js`: starts the agent from the environment. */
import { isOn, readConfig } from './config/config.js';
import { process } from './process.js';

let isDebugging = false;
try {
  isDebugging = isOn(process.env['DORMOUSE_DEBUG']);
  // Where the agent stays off, nothing more of it is loaded, unless somebody wants to know why.
  if (typeof readConfig({}, process.env) === 'object' || isDebugging) {
    const { start } = await import('./index.js');
    start();
  }
} catch (error) {
  // Something of the language was taken away before: the program goes on without an agent.
  if (isDebugging) process.stderr.write(`dormouse: the agent cannot be loaded: ${String(error)}\n`);
}
