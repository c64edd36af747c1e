import { z } from 'zod';
import type { ProbeView } from '@dormouse/protocol';
import { isMetric } from '../../metrics/kinds.js';
import type { Api } from '../api.js';
import { figures, figuresOf } from './figures.js';
import { NOTICE, notice } from './notice.js';
import { probeState, stateOf } from './probe-state.js';
import { shape, shapeOf } from './shape.js';
import { verdict, verdictOf } from './verdict.js';

/** What a probe has found, in short. */
export const evidence = z.object({
  notice,
  ...probeState.shape,
  verdict: verdict.meta({ description: 'Checks.' }).optional(),
  figures: figures.meta({ description: 'Counters, gauges, histograms, durations and tictocs.' }).optional(),
  captures: z.array(shape).meta({ description: 'Of all other kinds; of checks, violations.' }),
  more: z.boolean().meta({ description: 'Whether there are captures besides these.' }),
});

export type Evidence = z.output<typeof evidence>;

export interface Wanted {
  /** Captures, newest first. */
  readonly limit: number;
  /** Values of each of them. */
  readonly paths?: readonly string[];
}

/** @throws {Refused} */
export async function readEvidence(
  api: Api,
  owner: string,
  probe: ProbeView,
  { limit, paths = [] }: Wanted,
): Promise<Evidence> {
  const state = { notice: NOTICE, ...stateOf(probe, owner) } as const;
  if (isMetric(probe.kind)) {
    return { ...state, figures: figuresOf(await api.metrics(probe.id)), captures: [], more: false };
  }
  const { captures, next } = await api.captures({ probe: probe.id, order: 'newest', limit });
  return {
    ...state,
    ...(probe.kind === 'check' && { verdict: verdictOf(probe) }),
    captures: captures.map((capture) => shapeOf(capture, paths)),
    more: next !== undefined,
  };
}
