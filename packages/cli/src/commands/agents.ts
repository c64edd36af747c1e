import { POOL_OPTIONS } from '../ask/pool.js';
import { parseCount } from '../ask/quantity.js';
import { defineCommand } from '../command/command.js';
import { renderAgent, renderAgents } from '../render/agents.js';

export const command = defineCommand({
  positionals: [
    { name: 'INSTANCE', values: 'instances', summary: 'shows all of one process', optional: true },
  ],
  options: {
    service: { type: 'string', value: 'NAME', values: 'services', summary: 'Only of this service' },
    ...POOL_OPTIONS,
    all: { type: 'boolean', short: 'a', summary: 'Those that are gone, too' },
    limit: { type: 'string', value: 'N', summary: 'At most this many; default 200' },
  },
  notes: `Examples
  dormouse agents --service trades --tag region=eu
  dormouse agents 9f2c41d07a3be856

"dormouse kill" switches probes off: in one of them, in some, or in all.`,
  async run({ client, values, positionals: [instance], answer, note }) {
    if (instance !== undefined) {
      const agent = await client.agent(instance);
      return answer(agent, (style) => renderAgent(agent, style));
    }
    const { service, build, release, tag, all, limit } = values;
    const { agents, total } = await client.agents({
      service,
      buildId: build,
      version: release,
      tag,
      connected: all === true ? undefined : true,
      limit: limit === undefined ? undefined : parseCount('limit', limit),
    });
    answer({ agents, total }, (style) => renderAgents(agents, style));
    if (total === 0)
      note(all === true ? 'No processes.' : 'No process is connected; --all lists those that were.');
    if (agents.length < total) note(`${agents.length} of ${total}; --limit shows more.`);
  },
});
