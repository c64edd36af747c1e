import { onlyService, SERVICE_OPTION } from '../ask/service.js';
import { parseCount } from '../ask/quantity.js';
import { defineCommand } from '../command/command.js';
import { renderSourceLines } from '../render/source-lines.js';
import { count } from '../render/text.js';

export const command = defineCommand({
  positionals: [{ name: 'TEXT', summary: 'a part of a line, in any case; no pattern' }],
  options: {
    service: SERVICE_OPTION,
    limit: { type: 'string', value: 'N', summary: 'At most this many; default 100' },
  },
  notes: `Only sources that were published are searched: "dormouse sources" does that.

Example
  dormouse search 'highValue ='`,
  async run({ client, answer, note, values: { service: named, limit = '100' }, positionals: [text = ''] }) {
    const service = await onlyService(client, named);
    const found = await client.searchSource({ service, text, limit: parseCount('limit', limit) });
    answer(found, (style) => renderSourceLines(found.lines, style));
    if (found.lines.length === 0) note('No line has it.');
    if (!found.complete) note('There may be more lines.');
    if (found.unpublished > 0)
      note(`Not searched, because nobody has published them: ${count(found.unpublished, 'source')}.`);
  },
});
