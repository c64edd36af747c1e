import { z } from 'zod';
import { detailOf } from '../agents/detail.js';
import { CollectorError } from '../collector-error.js';
import { agentDetail } from '../schemas/views.js';
import { name } from '../schemas/text.js';
import { defineOperation } from './operation.js';

export const getAgent = defineOperation({
  name: 'getAgent',
  summary: 'Get a process',
  description: 'A process with what became of each of its probes.',
  tag: 'services',
  method: 'GET',
  path: '/agents/:instance',
  permission: 'services:read',
  params: z.strictObject({ instance: name }),
  output: agentDetail,
  outputDescription: 'The process.',
  errors: ['NOT_FOUND'],
  async run({ fleet, policies }, { params: { instance } }) {
    const agent = (await fleet.views()).find((one) => one.instance === instance);
    if (agent === undefined)
      throw new CollectorError('NOT_FOUND', `There is no process ${instance}. GET /agents lists them.`);
    const live = fleet.find(instance);
    if (live === undefined) return agent;
    return { ...agent, ...policies.viewAgent(live), ...detailOf(live), reports: live.reports };
  },
});
