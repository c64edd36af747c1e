import { parseCount } from '../ask/quantity.js';
import { defineCommand } from '../command/command.js';
import { renderCaptures } from '../render/captures.js';
import { escapeUnsafe } from '../render/text.js';

export const command = defineCommand({
  positionals: [],
  options: {
    probe: { type: 'string', value: 'ID', values: 'probes', summary: 'Only of this probe' },
    service: { type: 'string', value: 'NAME', values: 'services', summary: 'Only of this service' },
    group: { type: 'string', value: 'ID', summary: 'Only of the probes of this group' },
    limit: { type: 'string', value: 'N', summary: 'At most this many; default 50' },
    oldest: { type: 'boolean', summary: 'Oldest first; default: newest first' },
    after: { type: 'string', value: 'CURSOR', summary: 'Go on where an earlier list ended' },
  },
  async run({ client, values: { probe, service, group, after, oldest, limit = '50' }, answer, note }) {
    const order = oldest === true ? 'oldest' : 'newest';
    const page = await client.captures({
      probe,
      service,
      group,
      order,
      after,
      limit: parseCount('limit', limit),
    });
    answer(page, (style) => renderCaptures(page.captures, style));
    if (page.captures.length === 0) note('No captures.');
    if (page.next !== undefined) note(`There are more: --after ${escapeUnsafe(page.next)}`);
  },
});
