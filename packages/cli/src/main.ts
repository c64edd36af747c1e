import { run } from './command/run.js';
import { processTerminal } from './command/terminal.js';

process.exitCode = await run(process.argv.slice(2), processTerminal());
