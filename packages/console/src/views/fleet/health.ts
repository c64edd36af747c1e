import type { AgentView } from '@dormouse/protocol';
import { inWords, RESTING } from '../../words/causes.js';
import { roughly } from '../../words/time.js';

/** How a process is, for its colour and in words. */
export interface Health {
  readonly state: 'good' | 'waits' | 'off' | 'gone';
  readonly words: string;
}

export function healthOf({ connected, killed, pause, policy, lastSeen }: AgentView, now: number): Health {
  if (!connected) return { state: 'gone', words: `gone, seen ${roughly(now - lastSeen)} ago` };
  if (killed !== undefined)
    return { state: 'off', words: `switched off: ${killed.reason ?? `by the ${killed.by}`}` };
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
