import type { ProbeView } from '@dormouse/protocol';
import { roughly } from '../../words/time.js';

/** How far a probe has come that is not for every process at once. */
export interface Rollout {
  readonly words: string;
  /** Of the time that a canary has to be without trouble, 0 to 1; undefined where nothing is waited for. */
  readonly progress?: number;
  /** The canary's last trouble. */
  readonly trouble?: string;
}

/** @param connected processes of the service */
export function rolloutOf(
  { rollout, target }: ProbeView,
  connected: number,
  now: number,
): Rollout | undefined {
  if (rollout === undefined) return undefined;
  const { instances, stage, widensAt, trouble } = rollout;
  const where = `in ${instances.length} of ${connected} ${connected === 1 ? 'process' : 'processes'}`;
  if (stage === 'all') return { words: `Only for a part of them: ${where}.` };
  const waits = { words: `Tried out ${where}; the others follow when it is armed there.` };
  if (widensAt === undefined) return { ...waits, ...(trouble !== undefined && { trouble }) };
  const left = Math.max(0, widensAt - now);
  return {
    words: `Tried out ${where}; the others follow in ${roughly(left)} without trouble.`,
    progress: 1 - Math.min(1, left / (target.canary?.quietMs ?? left)),
    ...(trouble !== undefined && { trouble }),
  };
}
