import type { StreamEvent } from '@dormouse/protocol';
import type { Api } from './api.js';
import { openEvents } from './events.js';
import { Refusal } from './refusal.js';

/** First and longest pause before a lost collector is asked again, ms; doubled in between. */
const RECONNECT_MIN_MS = 500;
const RECONNECT_MAX_MS = 5_000;

export interface Follower {
  /** The stream is open: whatever happens from now on will be told. Also after every loss. */
  connected(): void;
  lost(): void;
  happened(event: StreamEvent): void;
  /** The cursor of the last event that was heard of otherwise, for where the stream is lost before it has told of any. */
  seen(): string | undefined;
}

/**
 * Follows everything that happens in a service, through restarts of the collector: it goes on where it stopped.
 * Ends when the signal comes, or when the collector refuses; with what it said.
 */
export async function follow(
  api: Api,
  service: string,
  follower: Follower,
  signal: AbortSignal,
): Promise<Refusal | undefined> {
  let after: string | undefined;
  let pauseMs = RECONNECT_MIN_MS;
  while (!signal.aborted) {
    try {
      const events = await openEvents(api, { service, after: after ?? follower.seen() }, signal);
      follower.connected();
      pauseMs = RECONNECT_MIN_MS;
      for await (const { event, data, cursor } of events) {
        after = cursor ?? after;
        if (event === 'error') break;
        follower.happened({ event, data } as StreamEvent);
      }
    } catch (error) {
      if (signal.aborted) return undefined;
      if (error instanceof Refusal && !error.isPassing) return error;
    }
    if (signal.aborted) return undefined;
    follower.lost();
    await pause(pauseMs, signal);
    pauseMs = Math.min(pauseMs * 2, RECONNECT_MAX_MS);
  }
  return undefined;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
