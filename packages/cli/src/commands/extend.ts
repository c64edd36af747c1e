import { parseCount, parseDuration } from '../ask/quantity.js';
import { defineCommand } from '../command/command.js';
import { UsageError } from '../failure.js';
import { renderProbe } from '../render/probe.js';

export const command = defineCommand({
  positionals: [{ name: 'ID', values: 'probes', summary: 'an active probe, as "dormouse probes" lists it' }],
  options: {
    for: { type: 'string', value: 'TIME', summary: 'End after this time from now, such as 2h' },
    hits: { type: 'string', value: 'N', summary: 'End after N hits in all, those that it has had included' },
    rate: { type: 'string', value: 'N', summary: 'At most N hits per second and process' },
  },
  notes: `Examples
  dormouse extend p_2x8k4m9q1z --for 2h
  dormouse extend p_2x8k4m9q1z --hits 500 --rate 100`,
  async run({ client, values: { for: time, hits, rate }, positionals: [id = ''], answer }) {
    const limits = {
      ...(time !== undefined && { expiresInMs: parseDuration('for', time) }),
      ...(hits !== undefined && { hits: parseCount('hits', hits) }),
      ...(rate !== undefined && { hitsPerSecond: parseCount('rate', rate) }),
    };
    if (Object.keys(limits).length === 0) throw new UsageError('Say what: --for, --hits or --rate.');
    const probe = await client.extendProbe(id, limits);
    answer(probe, (style) => renderProbe(probe, style));
  },
});
