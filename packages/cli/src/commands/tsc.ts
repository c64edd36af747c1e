import type { PassingCommand } from '../command/command.js';
export const command: PassingCommand = {
  passes: '[options of tsc]',
  async run() {
    return 0;
  },
};
