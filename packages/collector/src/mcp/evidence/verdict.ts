import type { ProbeView } from '@dormouse/protocol';
import { z } from 'zod';

/** What a check has come to, over all its processes. */
export const verdict = z.object({
  verdict: z.enum(['holds', 'violated', 'undecided', 'open']).meta({
    description:
      '`holds`: at every hit that had a value, in every process that had it. `violated`: at least once not. ' +
      '`undecided`: no hit had a value. `open`: not watched for long enough yet.',
  }),
  held: z.number(),
  violated: z.number(),
  failed: z.number().meta({ description: 'Hits at which the expression had no value.' }),
});

export type Verdict = z.output<typeof verdict>;

/** One violation is enough; that it holds takes every process that had the check. */
export function verdictOf({ agents, hits }: ProbeView): Verdict {
  const checks = agents.flatMap(({ check }) => (check === undefined ? [] : [check]));
  const sum = (of: 'held' | 'violated' | 'failed'): number =>
    checks.reduce((total, check) => total + check[of], 0);
  // A violation is captured, and may be here before the report that counts it.
  const violated = Math.max(sum('violated'), hits);
  const numbers = { held: sum('held'), violated, failed: sum('failed') };
  return { verdict: decide(), ...numbers };

  function decide(): Verdict['verdict'] {
    if (numbers.violated > 0) return 'violated';
    if (checks.length === 0 || checks.some((check) => check.verdict === undefined)) return 'open';
    return numbers.held > 0 ? 'holds' : 'undecided';
  }
}
