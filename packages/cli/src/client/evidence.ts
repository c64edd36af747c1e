import type { CaptureView, StreamEvent } from '@dormouse/protocol';

import type { Client } from './client.js';
import { live } from './live.js';

/**
 * A probe's captures as they arrive, each once, beginning with those that are already there. Ends with
 * the probe; throws when the signal comes first.
 */
export async function* evidence(
  client: Client,
  probe: string,
  signal: AbortSignal,
): AsyncGenerator<CaptureView> {
  const seen = new Set<string>();
  const isNew = ({ id }: CaptureView): boolean => !seen.has(id) && Boolean(seen.add(id));

  for await (const happening of live(client, { probe }, signal, () => catchUp(client, probe))) {
    if (happening.event === 'capture' && isNew(happening.data)) yield happening.data;
    if (happening.event === 'probe' && happening.data.state === 'ended') break;
  }
  for await (const capture of storedCaptures(client, probe)) {
    if (isNew(capture)) yield capture;
  }
}

async function* catchUp(client: Client, probe: string): AsyncGenerator<StreamEvent> {
  for await (const data of storedCaptures(client, probe)) yield { event: 'capture', data };
  yield { event: 'probe', data: await client.probe(probe) };
}

async function* storedCaptures(client: Client, probe: string): AsyncGenerator<CaptureView> {
  let after: string | undefined;
  do {
    const page = await client.captures({ probe, after });
    yield* page.captures;
    after = page.next;
  } while (after !== undefined);
}
