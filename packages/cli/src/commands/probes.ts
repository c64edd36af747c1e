import { defineCommand } from '../command/command.js';
import { renderProbes } from '../render/probe.js';

export const command = defineCommand({
  positionals: [],
  options: {
    all: { type: 'boolean', short: 'a', summary: 'Ended ones, too' },
    service: { type: 'string', value: 'NAME', values: 'services', summary: 'Only of this service' },
    group: { type: 'string', value: 'ID', summary: 'Only of this group' },
  },
  async run({ client, values: { all, service, group }, answer, note }) {
    const probes = await client.probes({ service, group, state: all === true ? undefined : 'active' });
    answer({ probes }, (style) => renderProbes(probes, style));
    if (probes.length === 0) note(all === true ? 'No probes.' : 'No active probes; --all lists ended ones.');
  },
});
