import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { ProbeTarget, ProbeView } from '@dormouse/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { storageFlags } from '../packages/collector/test/support/storage-of.ts';
import { until } from '../scripts/lib/api.ts';
import { EXAMPLE, lineOf } from '../scripts/lib/example.ts';
import { HOST_NODE } from '../scripts/lib/paths.ts';
import type { Server } from '../scripts/lib/processes.ts';
import { instanceOf, NEVER_RESTING, openStage, type Stage } from '../scripts/lib/stage.ts';

/** Processes of one woven service that differ: a probe is in those that its target names, and in no other. */

const QUOTE = 'src/trades/market/quote.ts';
const LINE = lineOf(QUOTE, 'const amount =');

const FLEET: readonly Readonly<Record<string, string>>[] = [
  { DORMOUSE_VERSION: '1.0.0', DORMOUSE_TAGS: 'region=eu,tier=gold' },
  { DORMOUSE_VERSION: '1.0.0', DORMOUSE_TAGS: 'region=us,tier=gold' },
  { DORMOUSE_VERSION: '2.0.0', DORMOUSE_TAGS: 'region=eu' },
];
const ALL = FLEET.map((_, index) => index);

let stage: Stage;
let fleet: readonly Server[];
let instances: readonly string[];
let build: { readonly buildId: string; readonly commit: string };

beforeAll(async () => {
  stage = await openStage(storageFlags);
  fleet = await Promise.all(
    FLEET.map((env) => stage.startService('trades', { node: HOST_NODE, env: { ...NEVER_RESTING, ...env } })),
  );
  instances = await Promise.all(fleet.map((server) => instanceOf(stage.api, server)));
  const [service] = await stage.api.services();
  const { buildId = '', commit = '' } = service?.agents[0] ?? {};
  build = { buildId, commit };
}, 60_000);
afterAll(() => stage.close());

let traffic: NodeJS.Timeout | undefined;
afterEach(async () => {
  clearInterval(traffic);
  for (const { id, state } of await stage.api.probes())
    if (state === 'active') await stage.api.removeProbe(id);
});

const place = (target: ProbeTarget): Promise<ProbeView> =>
  stage.api.createProbe({
    kind: 'log',
    service: 'trades',
    location: { file: QUOTE, line: LINE },
    template: 'a quote',
    target,
  });

/** Asks every process, again and again. */
function askAll(): void {
  traffic = setInterval(() => {
    for (const { url } of fleet) void fetch(new URL('/quotes/ALDR?side=buy&quantity=1', url)).catch(() => {});
  }, 50);
}

/** By their place in the fleet. */
async function hit({ id }: ProbeView): Promise<number[]> {
  const captures = await stage.api.captures({ probe: id, limit: 1_000 });
  return [...new Set(captures.map(({ instance }) => instances.indexOf(instance)))].toSorted();
}

const told = async ({ id }: ProbeView): Promise<number[]> =>
  (await stage.api.probe(id)).agents.map(({ instance }) => instances.indexOf(instance)).toSorted();

const whenHit = (probe: ProbeView, count: number): Promise<number[]> =>
  until(`${count} processes are hit`, async () => {
    const found = await hit(probe);
    return found.length >= count ? found : undefined;
  });

/** Time enough for others to be told, armed, hit and heard of. */
const wait = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 500));

describe('a probe is in the processes', () => {
  it.each<[what: string, () => ProbeTarget, number[]]>([
    ['of a version', () => ({ version: '2.0.0' }), [2]],
    ['of a build', () => ({ buildId: build.buildId }), ALL],
    ['of a commit', () => ({ commit: build.commit }), ALL],
    ['with a tag', () => ({ tags: { region: 'eu' } }), [0, 2]],
    ['with all of its tags and the version', () => ({ version: '1.0.0', tags: { region: 'eu' } }), [0]],
    ['by the name of one', () => ({ instance: instances[1]! }), [1]],
    ['by the names of some', () => ({ instances: [instances[0]!, instances[2]!] }), [0, 2]],
  ])('%s', async (_what, target, expected) => {
    const probe = await place(target());
    askAll();
    expect(await whenHit(probe, expected.length)).toEqual(expected);
    await wait();
    expect(await hit(probe)).toEqual(expected);
    expect(await told(probe)).toEqual(expected);
  });

  it('of a commit that none of them runs: in none', async () => {
    const probe = await place({ commit: 'c0ffee' });
    askAll();
    await wait();
    expect([await hit(probe), await told(probe)]).toEqual([[], []]);
  });
});

describe('a probe is at first', () => {
  it('in a share of the processes, and stays there', async () => {
    const probe = await place({ share: 0.5 });
    askAll();
    const chosen = await whenHit(probe, 2);
    await wait();
    expect(await hit(probe)).toEqual(chosen);
  });

  it('in one as a canary, and in all after it has been quiet', async () => {
    const quietMs = 700;
    const probe = await place({ canary: { quietMs } });
    askAll();
    const [canary] = await whenHit(probe, 1);
    expect(await whenHit(probe, FLEET.length)).toEqual(ALL);
    const captures = await stage.api.captures({ probe: probe.id, limit: 1_000 });
    const others = captures.filter(({ instance }) => instance !== instances[canary!]);
    expect(Math.min(...others.map(({ at }) => at)) - probe.createdAt).toBeGreaterThanOrEqual(quietMs);
    expect(await stage.api.probe(probe.id)).toMatchObject({ rollout: { stage: 'all' } });
  });

  it('in one as a canary, and in no other where its condition fails there, though it is heard of later', async () => {
    const probe = await stage.api.createProbe({
      kind: 'snapshot',
      service: 'trades',
      location: { file: QUOTE, line: LINE },
      condition: 'side.missing.deeper',
      target: { canary: { quietMs: 1 } },
    });
    askAll();
    await until('it is in trouble', async () =>
      (await stage.api.probe(probe.id)).rollout?.trouble === undefined ? undefined : true,
    );
    await wait();
    const { rollout, agents } = await stage.api.probe(probe.id);
    expect(rollout?.stage).toBe('canary');
    expect(agents).toHaveLength(1);
  });
});

describe('a probe that is looked after', () => {
  it('stands where the text of its line is, has the hits of each process, and goes on when it is given more', async () => {
    const text = readFileSync(join(EXAMPLE, QUOTE), 'utf8').split('\n')[LINE - 1]!;
    const probe = await stage.api.createProbe({
      kind: 'log',
      service: 'trades',
      location: { file: QUOTE, text },
      template: 'a quote',
      limits: { hits: 2 },
      hitsOf: 'each',
    });
    expect(probe.location.line).toBe(LINE);
    const ask = (): Promise<Response> => fetch(new URL('/quotes/ALDR?side=buy&quantity=1', fleet[0]!.url));
    const reported = async (): Promise<unknown> => {
      const { agents } = await stage.api.probe(probe.id);
      const report = agents.find(({ instance }) => instance === instances[0]);
      return report && [report.cause ?? report.state, report.captured];
    };
    const stands = (wanted: unknown): Promise<true> =>
      until(`the first process says ${JSON.stringify(wanted)}`, async () =>
        isDeepStrictEqual(await reported(), wanted) ? true : undefined,
      );
    await stands(['armed', 0]);
    for (let asked = 0; asked < 3; asked++) await ask();
    await stands(['hitLimit', 2]);
    expect((await stage.api.probe(probe.id)).state).toBe('active');

    await stage.api.call('POST', `/probes/${probe.id}/extend`, { hits: 3 });
    await stands(['armed', 2]);
    for (let asked = 0; asked < 3; asked++) await ask();
    await stands(['hitLimit', 3]);
    expect(await hit(probe)).toEqual([0]);
  });

  it('rests in a pool of processes while that is switched off', async () => {
    const pool = { tags: { region: 'eu' } };
    await stage.api.call('PUT', '/kill-switch', { on: true, reason: 'a test', service: 'trades', pool });
    const probe = await place({});
    askAll();
    expect(await whenHit(probe, 1)).toEqual([1]);
    await wait();
    expect(await hit(probe)).toEqual([1]);
    await stage.api.call('PUT', '/kill-switch', { on: false, service: 'trades', pool });
    expect(await whenHit(probe, FLEET.length)).toEqual(ALL);
  });
});
