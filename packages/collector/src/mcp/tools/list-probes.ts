import { z } from 'zod';
import { probeState, stateOf } from '../evidence/probe-state.js';
import { defineTool, READS } from '../tool.js';
import { group } from './wanted-evidence.js';

/** Probes of one answer. */
const MOST = 20;

export const listProbes = defineTool({
  name: 'list_probes',
  title: 'List probes, or show one',
  description:
    'The state of one probe, or of all of yours, with how often its place was reached, how often its condition held, ' +
    'and what stands in its way. With `everybody` those of others too, which may have the evidence already.',
  annotations: READS,
  input: z.object({
    probe: z.string().min(1).meta({ description: 'Only this one.' }).optional(),
    service: z.string().min(1).optional(),
    group,
    everybody: z.boolean().default(false),
    ended: z.boolean().meta({ description: 'Those that have ended too.' }).default(false),
  }),
  output: z.object({ probes: z.array(probeState), total: z.number() }),
  async run({ api, owner }, { probe, service, group: of, everybody, ended }) {
    if (probe !== undefined) return { probes: [stateOf(await api.probe(probe), owner)], total: 1 };
    const all = await api.probes({ service, group: of, ...(!ended && { state: 'active' }) });
    const found = all.filter((view) => everybody || view.owner === owner);
    return { probes: found.slice(0, MOST).map((view) => stateOf(view, owner)), total: found.length };
  },
});
