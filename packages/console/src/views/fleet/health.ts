import type { AgentView } from '@dormouse/protocol';
import { inWords, RESTING } from '../../words/causes.js';
import { roughly } from '../../words/time.js';

/** How a process is, for its colour and in words. */
export interface Health {
  readonly state: 'good' | 'waits' | 'off' | 'gone';
  readonly words: string;
}

export function healthOf(agent: AgentView, now: number): Health {
  const { connected, killed, pause, policy, buildId, lastSeen } = agent;
  if (!connected) return { state: 'gone', words: `gone, seen ${roughly(now - lastSeen)} ago` };
  if (killed !== undefined)
    return { state: 'off', words: `switched off: ${killed.reason ?? `by the ${killed.by}`}` };
  if (policy?.problem !== undefined) return { state: 'off', words: `refuses its policy: ${policy.problem}` };
  if (buildId === undefined) return { state: 'off', words: 'found no manifest: nothing of it can be probed' };
  if (pause !== undefined) {
    return {
      state: 'waits',
      words: `rests for ${roughly(pause.until - now)}: ${inWords(RESTING, pause.cause)}`,
    };
  }
  if (policy !== undefined && policy.revision < policy.wanted)
    return { state: 'waits', words: 'takes over its policy' };
  return { state: 'good', words: 'ready' };
}
