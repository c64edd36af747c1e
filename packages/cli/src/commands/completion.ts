import { defineCommand } from '../command/command.js';
import { nearest } from '../command/nearest.js';
import { SCRIPTS, SHELLS } from '../completion/scripts.js';
import { UsageError } from '../failure.js';

export const command = defineCommand({
  positionals: [{ name: 'SHELL', summary: SHELLS.join(', '), values: SHELLS }],
  options: {},
  offline: true,
  notes: `Load it where your shell starts:
  source <(dormouse completion bash)                                             # ~/.bashrc
  source <(dormouse completion zsh)                                              # ~/.zshrc, behind compinit
  dormouse completion fish > ~/.config/fish/completions/dormouse.fish

Commands, options and their values are completed, and the names of services, processes, probes and source files as the
collector knows them, if it answers within a second.`,
  async run({ positionals: [named = ''], answer }) {
    const shell = SHELLS.find((known) => known === named);
    if (shell === undefined)
      throw new UsageError(`There is no completion for "${named}".`, nearest(named, SHELLS));
    answer({ shell, script: SCRIPTS[shell] }, () => SCRIPTS[shell].trimEnd());
  },
});
