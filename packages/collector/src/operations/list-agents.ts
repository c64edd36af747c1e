import type { AgentDetail } from '@dormouse/protocol';
import { z } from 'zod';
import { detailOf } from '../agents/detail.js';
import { matchesTarget } from '../probes/target.js';
import { agentDetail } from '../schemas/views.js';
import { name } from '../schemas/text.js';
import { requireService } from '../services/services.js';
import { defineOperation } from './operation.js';
import { pageSize, serviceFilter, tagFilter } from './parameters.js';

export const listAgents = defineOperation({
  name: 'listAgents',
  summary: 'List processes',
  description:
    'Every process that is connected or was, connected ones first, then those heard of last: who they are, how they stand, ' +
    'what their probes have done and may take.',
  tag: 'services',
  method: 'GET',
  path: '/agents',
  isPerService: true,
  permission: 'services:read',
  query: z.strictObject({
    service: serviceFilter,
    version: name.exactOptional(),
    buildId: name.exactOptional(),
    commit: name.exactOptional(),
    tag: tagFilter,
    connected: z.stringbool().meta({ description: 'Only those that are, or are not.' }).exactOptional(),
    limit: pageSize(200, 10_000),
  }),
  output: z.object({
    agents: z.array(agentDetail),
    total: z.int().meta({ description: 'All that match.' }),
  }),
  outputDescription: 'The processes.',
  errors: ['UNKNOWN_SERVICE'],
  async run({ storage, fleet, policies }, { query: { service, connected, tag, limit, ...traits } }, caller) {
    if (service !== undefined) await requireService(storage, service);
    const matching = (await fleet.views()).filter(
      (agent) =>
        (service === undefined || agent.service === service) &&
        caller.may('services:read', { service: agent.service }) &&
        (connected === undefined || agent.connected === connected) &&
        matchesTarget({ ...traits, ...(tag !== undefined && { tags: tag }) }, agent),
    );
    const ordered = [
      ...matching.filter((agent) => agent.connected),
      ...matching.filter((agent) => !agent.connected),
    ];
    const agents = ordered.slice(0, limit).map((agent): AgentDetail => {
      const live = fleet.find(agent.instance);
      return live === undefined ? agent : { ...agent, ...policies.viewAgent(live), ...detailOf(live) };
    });
    return { agents, total: ordered.length };
  },
});
