import type { PassingCommand } from '../command/command.js';
import { complete } from '../completion/complete.js';
import { EXIT } from '../failure.js';
import { escapeUnsafe } from '../render/text.js';

/** What the scripts of `dormouse completion` call: candidates, one a line, each with a tab and a summary. */
export const command: PassingCommand = {
  async run(args, { out }) {
    const words = args[0] === '--' ? args.slice(1) : args;
    for (const { text, summary } of await complete(words)) out.print(`${text}\t${escapeUnsafe(summary)}`);
    return EXIT.ok;
  },
};
