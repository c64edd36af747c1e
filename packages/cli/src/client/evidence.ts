import type { CaptureView } from '@dormouse/protocol';

import type { Client } from './client.js';

/**
 * A probe's captures as they arrive, each once, beginning with those that are already there. Ends with
 * the probe; throws when the signal comes first.
 */
export async function* evidence(
  client: Client,
  probe: string,
  signal: AbortSignal,
): AsyncGenerator<CaptureView> {
  const done = new AbortController();
  const seen = new Set<string>();
  const isNew = ({ id }: CaptureView): boolean => !seen.has(id) && Boolean(seen.add(id));
  const stored = async (): Promise<CaptureView[]> =>
    (await client.captures({ probe })).captures.filter(isNew);
  try {
    const stream = await client.stream({ probe }, { signal: AbortSignal.any([signal, done.signal]) });
    yield* await stored();
    if ((await client.probe(probe)).state === 'ended') return;
    for await (const { event, data } of stream) {
      if (event === 'capture' && isNew(data)) yield data;
      if (event === 'probe' && data.state === 'ended') break;
    }
    yield* await stored();
  } finally {
    done.abort();
  }
}
