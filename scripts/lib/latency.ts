import { setTimeout as sleep } from 'node:timers/promises';
import { exampleRequests } from './example.ts';

/** Latency of one server over the same requests as the others, microseconds. */
export interface Latency {
  readonly median: number;
  readonly p99: number;
}

/**
 * Sends the same requests to every server in turn, one at a time, so that whatever else the machine does falls
 * on all of them alike. The order rotates with every request. `warmUp` requests are sent first and not counted.
 */
export async function compareLatency(
  urls: readonly string[],
  { count, warmUp, seed }: { count: number; warmUp: number; seed: number },
): Promise<readonly Latency[]> {
  const samples: number[][] = urls.map(() => []);
  let sent = 0;
  for (const request of await exampleRequests(seed, count + warmUp)) {
    for (let turn = 0; turn < urls.length; turn++) {
      const server = (turn + sent) % urls.length;
      const { method, path, headers, body } = request;
      const started = performance.now();
      const response = await fetch(new URL(path, urls[server]), {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
      });
      await response.arrayBuffer();
      if (sent >= warmUp) samples[server]?.push((performance.now() - started) * 1_000);
    }
    sent++;
    // Let the servers' own background work happen between the measurements, not inside them.
    if (sent % 50 === 0) await sleep(5);
  }
  return samples.map((values) => {
    const sorted = values.toSorted((a, b) => a - b);
    const quantile = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
    return { median: quantile(0.5), p99: quantile(0.99) };
  });
}
