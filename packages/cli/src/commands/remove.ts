import { defineCommand } from '../command/command.js';
import { UsageError } from '../failure.js';
import { renderProbes } from '../render/probe.js';
import { count } from '../render/text.js';

/** The most the collector lists at once. */
const AT_ONCE = 1_000;

export const command = defineCommand({
  positionals: [
    { name: 'ID', values: 'probes', summary: 'as "dormouse probes" lists it', optional: true, many: true },
  ],
  options: {
    all: { type: 'boolean', summary: 'Every active probe' },
    service: {
      type: 'string',
      value: 'NAME',
      values: 'services',
      summary: 'With --all: only those of this service',
    },
  },
  async run({ client, values: { all, service }, positionals, answer, note }) {
    if ((all === true) === positionals.length > 0) throw new UsageError('Say which: probe ids, or --all.');
    const active = all === true ? await client.probes({ service, state: 'active', limit: AT_ONCE }) : [];
    const ids = all === true ? active.map(({ id }) => id) : positionals;
    const probes = await Promise.all(ids.map((id) => client.removeProbe(id)));
    answer({ probes }, (style) => renderProbes(probes, style));
    note(`${count(probes.length, 'probe')} removed.`);
  },
});
