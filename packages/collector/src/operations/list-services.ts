import type { AgentView } from '@dormouse/protocol';
import { z } from 'zod';
import { serviceView } from '../schemas/views.js';
import { defineOperation } from './operation.js';

export const listServices = defineOperation({
  name: 'listServices',
  summary: 'List services',
  description: 'Every service with its processes, heard of last first, and its builds, seen last first.',
  tag: 'services',
  method: 'GET',
  path: '/services',
  isPerService: true,
  permission: 'services:read',
  output: z.object({ services: z.array(serviceView) }),
  outputDescription: 'The services by name.',
  errors: [],
  async run({ storage, fleet, builds, policies }) {
    const [names, agentViews, buildViews] = await Promise.all([
      storage.services.names(),
      fleet.views(),
      builds.views(),
    ]);
    const services = names.map((service) => {
      const killed = policies.killOf(service);
      return {
        service,
        agents: agentViews
          .filter((agent) => agent.service === service)
          .map((agent) => ({ ...agent, ...standingOf(agent) })),
        builds: buildViews.filter((build) => build.service === service),
        ...(killed !== undefined && { killed }),
      };
    });
    return { services };

    function standingOf({ instance }: AgentView): ReturnType<typeof policies.viewAgent> {
      const agent = fleet.find(instance);
      return agent === undefined ? {} : policies.viewAgent(agent);
    }
  },
});
