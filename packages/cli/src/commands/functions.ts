import { parseCount } from '../ask/quantity.js';
import { onlyService, SERVICE_OPTION } from '../ask/service.js';
import { defineCommand } from '../command/command.js';
import { renderFunctions } from '../render/functions.js';

export const command = defineCommand({
  positionals: [
    {
      name: 'WORD…',
      summary: 'parts of names of functions, files and variables, in any case; all have to be found',
      optional: true,
      many: true,
    },
  ],
  options: {
    file: {
      type: 'string',
      value: 'FILE',
      values: 'sources',
      summary: 'Only those of this source, or any unambiguous end of its path',
    },
    service: SERVICE_OPTION,
    limit: { type: 'string', value: 'N', summary: 'At most this many; default 100' },
  },
  notes: `Examples
  dormouse functions risk assess
  dormouse functions --file risk-gate.ts

The outline of the build that runs now. It needs no sources: "dormouse search" looks into those that were published.`,
  async run({ client, answer, note, values: { file, service: named, limit = '100' }, positionals: words }) {
    const service = await onlyService(client, named);
    const found = await client.functions({
      service,
      file,
      search: words.length > 0 ? words.join(' ') : undefined,
      limit: parseCount('limit', limit),
    });
    answer(found, (style) => renderFunctions(found.functions, style));
    if (found.total === 0) note('No function has such a name.');
    const more = found.total - found.functions.length;
    if (more > 0) note(`There are ${more} more; --limit shows more of them.`);
  },
});
