import { defineCommand } from '../command/command.js';
import { escapeUnsafe } from '../render/text.js';
import { formatDuration } from '../render/time.js';

export const command = defineCommand({
  positionals: [],
  options: {},
  notes: `The link signs the browser that opens it in as whoever the token belongs to. It works once, and for a few minutes: open
it yourself, and give it to nobody.`,
  async run({ client, answer, note }) {
    const link = await client.consoleLink();
    answer(link, () => escapeUnsafe(link.url));
    note(`It works once, within ${formatDuration(link.endsAt - Date.now())}.`);
  },
});
