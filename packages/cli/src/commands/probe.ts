import { defineCommand } from '../command/command.js';
import { renderProbe } from '../render/probe.js';

export const command = defineCommand({
  positionals: [{ name: 'ID', values: 'probes', summary: 'as "dormouse probes" lists it' }],
  options: {},
  async run({ client, positionals: [id = ''], answer }) {
    const probe = await client.probe(id);
    answer(probe, (style) => renderProbe(probe, style));
  },
});
