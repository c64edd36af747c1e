import type { CheckReport, ProbeView } from '@dormouse/protocol';

import type { Style } from './style.js';
import { count } from './text.js';

export type Verdict = NonNullable<CheckReport['verdict']>;

/** What all processes together have found. One violation is enough; without any hit nothing is decided. */
export function overallCheck({
  agents,
}: Pick<ProbeView, 'agents'>): CheckReport & { readonly verdict: Verdict } {
  const checks = agents.flatMap(({ check }) => check ?? []);
  const sum = (what: 'held' | 'violated' | 'failed'): number =>
    checks.reduce((total, check) => total + check[what], 0);
  const [held, violated, failed] = [sum('held'), sum('violated'), sum('failed')];
  return { held, violated, failed, verdict: violated > 0 ? 'violated' : held > 0 ? 'holds' : 'undecided' };
}

/** `holds  held 1,204 times`, `violated  held 1,200 times, violated 4 times`. */
export function renderCheck(check: CheckReport & { readonly verdict: Verdict }, { colors }: Style): string {
  const paint = { holds: colors.green, violated: colors.red, undecided: colors.yellow }[check.verdict];
  return `${paint(colors.bold(check.verdict))}  ${checkCounts(check)}`;
}

/** The counts of a check in words. */
export function checkCounts({ held, violated, failed }: CheckReport): string {
  return [
    `held ${count(held, 'time')}`,
    `violated ${count(violated, 'time')}`,
    ...(failed > 0 ? [`failed ${count(failed, 'time')}`] : []),
  ].join(', ');
}
