import type { ServiceView } from '@dormouse/protocol';
import { z } from 'zod';
import { MCP_LIMITS } from '../limits.js';
import { defineTool, READS } from '../tool.js';

const service = z.object({
  service: z.string(),
  connected: z.number().meta({ description: 'Processes that can be probed now.' }),
  processes: z.array(
    z.object({
      instance: z.string(),
      host: z.string(),
      version: z.string().optional(),
      buildId: z.string().optional(),
      commit: z.string().optional(),
      tags: z.record(z.string(), z.string()),
      paused: z.boolean(),
    }),
  ),
  builds: z.array(
    z.object({
      buildId: z.string(),
      commit: z.string().optional(),
      files: z.number(),
      functions: z.number(),
    }),
  ),
  switchedOff: z.string().meta({ description: 'Why no probes can be placed, while that is so.' }).optional(),
});

export const findServices = defineTool({
  name: 'find_services',
  title: 'Find services',
  description:
    'Lists the running services that can be probed, with their connected processes and builds. Start here. ' +
    'Compare `commit` with the source that you read: lines are those of the build that runs, not of your checkout.',
  annotations: READS,
  input: z.object({
    name: z.string().min(1).meta({ description: 'Only services whose name contains this.' }).optional(),
  }),
  output: z.object({ services: z.array(service), total: z.number() }),
  async run({ api }, { name = '' }) {
    const wanted = name.toLowerCase();
    const found = (await api.services()).filter((view) => view.service.toLowerCase().includes(wanted));
    return { services: found.slice(0, MCP_LIMITS.services).map(summarise), total: found.length };
  },
});

function summarise({ service: named, agents, builds, killed }: ServiceView): z.output<typeof service> {
  const connected = agents.filter((agent) => agent.connected);
  const running = new Set(connected.map(({ buildId }) => buildId));
  const shown = builds.filter(({ buildId }) => running.has(buildId));
  return {
    service: named,
    connected: connected.length,
    processes: connected
      .slice(0, MCP_LIMITS.processes)
      .map(({ instance, host, version, buildId, commit, tags, pause }) => ({
        instance,
        host,
        ...(version !== undefined && { version }),
        ...(buildId !== undefined && { buildId }),
        ...(commit !== undefined && { commit }),
        tags: { ...tags },
        paused: pause !== undefined,
      })),
    builds: (shown.length > 0 ? shown : builds.slice(0, 1)).map(({ buildId, commit, files, functions }) => ({
      buildId,
      ...(commit !== undefined && { commit }),
      files,
      functions,
    })),
    ...(killed !== undefined && { switchedOff: killed.reason ?? 'no reason was given' }),
  };
}
