import { runCollectorProgram } from '../command/collector-program.js';
import type { PassingCommand } from '../command/command.js';

export const command: PassingCommand = { run: runCollectorProgram };
