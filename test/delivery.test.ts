import type { CaptureView, ProbeRequest } from '@dormouse/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storageFlags } from '../packages/collector/test/support/storage-of.ts';
import { until } from '../scripts/lib/api.ts';
import { lineOf } from '../scripts/lib/example.ts';
import { HOST_NODE } from '../scripts/lib/paths.ts';
import type { Server } from '../scripts/lib/processes.ts';
import { instanceOf, NEVER_RESTING, openStage, type Stage } from '../scripts/lib/stage.ts';

/** Evidence on its way from several processes to a collector that does not stay up. */

const QUOTES = 'src/trades/routes/quotes.ts';
const PROBE: ProbeRequest = {
  kind: 'log',
  service: 'trades',
  location: { file: QUOTES, line: lineOf(QUOTES, 'return quote(instrument') },
  template: 'a quote',
  limits: { hits: 100_000, hitsPerSecond: 1_000 },
};
/** Under way to each process at any time. */
const CALLERS = 2;
/** Before a caller asks again: a process captures no more than 1,000 times a second, and a quick machine would be asked oftener. */
const PAUSE_MS = 4;
const KILLS = 2;

let stage: Stage;
let services: readonly Server[];

beforeAll(async () => {
  stage = await openStage(storageFlags);
  services = await Promise.all(
    [1, 2].map(() => stage.startService('trades', { node: HOST_NODE, env: NEVER_RESTING })),
  );
}, 60_000);

afterAll(() => stage.close());

describe('a collector that is killed again and again under load', () => {
  it('has stored every capture of every process once, and knows the account of each', async () => {
    const { id } = await stage.api.createProbe(PROBE);
    await until('both have armed it', async () => {
      const { agents } = await stage.api.probe(id);
      return agents.filter(({ state }) => state === 'armed').length === 2 || undefined;
    });

    const traffic = services.map(keepAsking);
    for (let kill = 0; kill < KILLS; kill++) {
      await new Promise((resolve) => setTimeout(resolve, 150 + kill * 37));
      await stage.restartCollector();
    }
    const asked = await Promise.all(traffic.map((stop) => stop()));

    for (const [index, service] of services.entries()) {
      const instance = await instanceAgain(service);
      const count = asked[index] as number;
      const account = await until(
        `${count} captures of ${instance}`,
        async () => {
          const view = await stage.api.probe(id);
          const found = view.agents.find((agent) => agent.instance === instance);
          return found?.captured === count ? found : undefined;
        },
        20_000,
      );
      expect(account).toMatchObject({ state: 'armed', seen: count, matched: count });
      expect(account.dropped).toEqual({});
      const stored = await until(
        `${count} captures of ${instance}, each once`,
        async () => {
          const captures = (await allCaptures(id)).filter((capture) => capture.instance === instance);
          return captures.length >= count ? captures.map(({ hit }) => hit) : undefined;
        },
        20_000,
      );
      // As text: a difference between lists of thousands would be printed for minutes.
      expect(String(stored)).toBe(String(Array.from({ length: count }, (_, hit) => hit + 1)));
    }
  }, 60_000);
});

/** Asks for quotes until it is told to stop. @returns stops, and tells how many there were */
function keepAsking({ url }: Server): () => Promise<number> {
  let asked = 0;
  let isStopping = false;
  const callers = Array.from({ length: CALLERS }, async () => {
    while (!isStopping) {
      const response = await fetch(new URL('/quotes/ALDR?side=buy&quantity=1', url));
      await response.arrayBuffer();
      asked++;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  });
  return async () => {
    isStopping = true;
    await Promise.all(callers);
    return asked;
  };
}

const instanceAgain = (service: Server): Promise<string> =>
  until('the agent is back', () => instanceOf(stage.api, service).catch(() => undefined));

async function allCaptures(probe: string): Promise<CaptureView[]> {
  const captures: CaptureView[] = [];
  for (;;) {
    const after = captures.at(-1)?.cursor;
    const page = await stage.api.captures({ probe, limit: 1_000, ...(after !== undefined && { after }) });
    if (page.length === 0) return captures;
    captures.push(...page);
  }
}
