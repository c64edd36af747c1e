import { defineCommand } from '../command/command.js';
import { UsageError } from '../failure.js';
import { renderProbes } from '../render/probe.js';
import { count } from '../render/text.js';

export const command = defineCommand({
  positionals: [{ name: 'ID', summary: 'as "dormouse probes" lists it', optional: true, many: true }],
  options: {
    all: { type: 'boolean', summary: 'Every active probe' },
    service: { type: 'string', value: 'NAME', summary: 'With --all: only those of this service' },
  },
  async run({ client, values, positionals, answer, terminal }) {
    if ((values.all === true) === positionals.length > 0)
      throw new UsageError('Say which: probe ids, or --all.');
    const active =
      values.all === true ? (await client.probes()).filter(({ state }) => state === 'active') : [];
    const ids = active.filter(({ service }) => (values.service ?? service) === service).map(({ id }) => id);
    const probes = await Promise.all([...positionals, ...ids].map((id) => client.removeProbe(id)));
    answer({ probes }, ({ out }) => renderProbes(probes, out.style));
    terminal.err.print(`${count(probes.length, 'probe')} removed.`);
  },
});
