import { API_PREFIX } from '@dormouse/protocol';
import { startServer } from '../../scripts/lib/processes.ts';
import type { Stage } from '../../scripts/lib/stage.ts';
import { until } from '../../scripts/lib/api.ts';
import { agentOf, child, LOCATION, WITH_AGENT, WOVEN_HIT } from './hits.ts';

/** ms from the request for a probe to the arrival of its first capture, as a person sees it. */
export interface ArmLatency {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
}

/** Places a snapshot in a program that hits it all the time, waits for the first capture, removes it; `count` times. */
export async function armLatency(
  node: string,
  stage: Stage,
  service: string,
  count: number,
): Promise<ArmLatency> {
  const { args } = child('busy', 'busy', [WOVEN_HIT], WITH_AGENT);
  const server = await startServer({ node, args, env: agentOf(stage, service) });
  const stream = await openStream(stage, service);
  try {
    const times: number[] = [];
    for (let turn = 0; turn < count; turn++) times.push(await armOnce(stage, service, stream));
    times.sort((a, b) => a - b);
    const quantile = (share: number): number => times[Math.floor(times.length * share)] ?? Number.NaN;
    return { count, p50: quantile(0.5), p99: quantile(0.99) };
  } finally {
    stream.close();
    await server.stop();
  }
}

async function armOnce({ api }: Stage, service: string, stream: CaptureStream): Promise<number> {
  const started = performance.now();
  const captured = stream.next();
  const { id } = await api.createProbe({
    kind: 'snapshot',
    service,
    location: LOCATION,
    limits: { hits: 1 },
  });
  const now = await captured;
  await api.removeProbe(id);
  return now - started;
}

interface CaptureStream {
  /** Resolves with the time at which the next capture arrives. */
  next(): Promise<number>;
  close(): void;
}

/** The collector's server-sent events of one service, once it is known. */
async function openStream({ collector, adminToken, api }: Stage, service: string): Promise<CaptureStream> {
  await until(`${service} connects`, async () =>
    (await api.services()).some(({ service: name, builds }) => name === service && builds.length > 0)
      ? true
      : undefined,
  );
  const aborted = new AbortController();
  const { body } = await fetch(new URL(`${API_PREFIX}/stream?service=${service}`, collector.url), {
    headers: { authorization: `Bearer ${adminToken}` },
    signal: aborted.signal,
  });
  if (body === null) throw new Error('The stream has no body.');
  let arrived: ((time: number) => void) | undefined;
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const chunk of body) {
      if (decoder.decode(chunk as Uint8Array, { stream: true }).includes('event: capture'))
        arrived?.(performance.now());
    }
  };
  void read().catch(() => {});
  return {
    next: () => new Promise((resolve) => (arrived = resolve)),
    close: () => aborted.abort(),
  };
}
