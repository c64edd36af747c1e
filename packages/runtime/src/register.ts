/** `node --import @dormouse/runtime/register app.js`: starts the agent from the environment. */
import { start } from './index.js';

start();
