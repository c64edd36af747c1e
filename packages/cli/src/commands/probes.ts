import { defineCommand } from '../command/command.js';
import { renderProbes } from '../render/probe.js';

export const command = defineCommand({
  positionals: [],
  options: {
    all: { type: 'boolean', short: 'a', summary: 'Ended ones, too' },
    service: { type: 'string', value: 'NAME', summary: 'Only of this service' },
  },
  async run({ client, values, answer, terminal }) {
    const probes = (await client.probes()).filter(
      ({ state, service }) =>
        (values.all === true || state === 'active') && (values.service ?? service) === service,
    );
    answer({ probes }, ({ out }) => renderProbes(probes, out.style));
    if (probes.length === 0)
      terminal.err.print(values.all === true ? 'No probes.' : 'No active probes; --all lists ended ones.');
  },
});
