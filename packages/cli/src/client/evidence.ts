import type { CaptureView, StreamEvent } from '@dormouse/protocol';

import type { Client } from './client.js';
import { live } from './live.js';

/**
 * A probe's captures as they arrive, each once, beginning with those that are already there, and the probe
 * itself as it is now and whenever it changes. Ends with the probe; throws when the signal comes first.
 */
export async function* evidence(
  client: Client,
  probe: string,
  signal: AbortSignal,
): AsyncGenerator<StreamEvent> {
  const seen = new Set<string>();
  const isNews = ({ event, data: { id } }: StreamEvent): boolean =>
    event === 'probe' || (!seen.has(id) && Boolean(seen.add(id)));

  for await (const happening of live(client, { probe }, signal, () => catchUp(client, probe))) {
    if (happening.event === 'connected' || happening.event === 'lost') continue;
    if (isNews(happening)) yield happening;
    if (happening.event === 'probe' && happening.data.state === 'ended') break;
  }
  for await (const data of storedCaptures(client, probe)) {
    const event: StreamEvent = { event: 'capture', data };
    if (isNews(event)) yield event;
  }
}

async function* catchUp(client: Client, probe: string): AsyncGenerator<StreamEvent> {
  for await (const data of storedCaptures(client, probe)) yield { event: 'capture', data };
  yield { event: 'probe', data: await client.probe(probe) };
}

/** All captures of a probe that the collector has, oldest first. */
export async function* storedCaptures(client: Client, probe: string): AsyncGenerator<CaptureView> {
  let after: string | undefined;
  do {
    const page = await client.captures({ probe, after });
    yield* page.captures;
    after = page.next;
  } while (after !== undefined);
}
