import {
  LIMITS,
  type CaptureView,
  type PolicyView,
  type ProbeReport,
  type ProbeRequest,
  type ProbeView,
} from '@dormouse/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { storageFlags } from '../packages/collector/test/support/storage-of.ts';
import { type ApiError, until } from '../scripts/lib/api.ts';
import { lineOf } from '../scripts/lib/example.ts';
import { HOST_NODE } from '../scripts/lib/paths.ts';
import type { Server } from '../scripts/lib/processes.ts';
import { instanceOf, NEVER_RESTING, openStage, type Stage } from '../scripts/lib/stage.ts';

/** A collector and a woven service: what is forbidden is not done, what is hidden is not shown, whoever restarts. */

const QUOTE = 'src/trades/market/quote.ts';
const LINE = lineOf(QUOTE, 'const amount =');

let stage: Stage;
let trades: Server;

beforeAll(async () => {
  stage = await openStage(storageFlags);
  trades = await startTrades();
}, 60_000);
afterAll(() => stage.close());

afterEach(async () => {
  for (const { id, state } of await stage.api.probes())
    if (state === 'active') await stage.api.removeProbe(id);
  for (const scope of ['', '?service=trades']) await stage.api.call('PUT', `/policy${scope}`, {});
  await kill({ on: false });
  await kill({ on: false, service: 'trades' });
});

const startTrades = (env: Readonly<Record<string, string>> = {}): Promise<Server> =>
  stage.startService('trades', { node: HOST_NODE, env: { ...NEVER_RESTING, ...env } });

const kill = (request: object): Promise<PolicyView> =>
  stage.api.call('PUT', '/kill-switch', request) as Promise<PolicyView>;

/** Replaces a policy, and waits until the service's processes have it. */
async function put(request: object, scope = '?service=trades'): Promise<void> {
  await stage.api.call('PUT', `/policy${scope}`, request);
  await until('all processes have it', async () => {
    const { processes } = (await stage.api.call('GET', `/policy${scope}`)) as PolicyView;
    return processes.current === processes.connected || undefined;
  });
}

const REQUEST: ProbeRequest = {
  kind: 'snapshot',
  service: 'trades',
  location: { file: QUOTE, line: LINE },
  limits: { hits: 1_000, hitsPerSecond: 1_000 },
};

/** Waits until each process that reports on a probe is so. */
const whenAll = (id: string, holds: (report: ProbeReport) => boolean): Promise<ProbeView> =>
  until(`probe ${id} is so`, async () => {
    const probe = await stage.api.probe(id);
    const connected = (await stage.api.services()).flatMap(({ agents }) =>
      agents.filter((agent) => agent.connected),
    );
    const reports = probe.agents.filter(({ instance }) =>
      connected.some((agent) => agent.instance === instance),
    );
    return reports.length > 0 && reports.every(holds) ? probe : undefined;
  });
const isArmed = ({ state }: ProbeReport): boolean => state === 'armed';
const isFor =
  (cause: ProbeReport['cause']) =>
  (report: ProbeReport): boolean =>
    report.cause === cause;

async function place(request: Partial<ProbeRequest> = {}): Promise<string> {
  const { id } = await stage.api.createProbe({ ...REQUEST, ...request });
  await whenAll(id, isArmed);
  return id;
}

async function quote(server = trades): Promise<void> {
  const response = await fetch(new URL('/quotes/ALDR?side=buy&quantity=1', server.url));
  expect(response.status).toBe(200);
}

async function nextCapture(id: string): Promise<CaptureView> {
  const before = (await stage.api.captures({ probe: id })).length;
  await quote();
  return until('a capture', async () => (await stage.api.captures({ probe: id }))[before]);
}

const refusal = async (request: Partial<ProbeRequest>): Promise<ApiError['body']['error']> => {
  const error = await stage.api.createProbe({ ...REQUEST, ...request }).catch((thrown: unknown) => thrown);
  return (error as ApiError).body.error;
};

describe('the kill switch', () => {
  it('stops hits within a status interval, and what is still wanted goes on when it is off', async () => {
    const id = await place();
    await nextCapture(id);
    const traffic = setInterval(() => void quote(), 20);
    try {
      await kill({ on: true, reason: 'an incident', service: 'trades' });
      const switchedOffAt = Date.now();
      await whenAll(id, isFor('killSwitch'));
      await new Promise((resolve) => setTimeout(resolve, 2 * LIMITS.statusMs));
      const late = (await stage.api.captures({ probe: id, limit: 1_000 })).map(({ at }) => at);
      expect(Math.max(...late)).toBeLessThan(switchedOffAt + LIMITS.statusMs);
    } finally {
      clearInterval(traffic);
    }
    expect(await refusal({})).toMatchObject({ code: 'SWITCHED_OFF' });
    expect(await stage.api.probe(id)).toMatchObject({ state: 'active', killed: { reason: 'an incident' } });

    await kill({ on: false, service: 'trades' });
    await whenAll(id, isArmed);
    await nextCapture(id);
  });

  it('outlasts restarts of the collector and of the service', async () => {
    const id = await place();
    await kill({ on: true, reason: 'the night' });
    await whenAll(id, isFor('killSwitch'));

    await stage.restartCollector();
    await until('the service is back', async () =>
      (await stage.api.services())[0]?.agents.find((agent) => agent.connected),
    );
    await whenAll(id, isFor('killSwitch'));
    await trades.stop();
    trades = await startTrades();
    const probe = await whenAll(id, isFor('killSwitch'));
    expect(probe.agents.find(({ cause }) => cause === 'killSwitch')?.message).toContain('the night');
    const shown = (await stage.api.captures({ probe: id })).length;
    await quote();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await stage.api.captures({ probe: id })).toHaveLength(shown);

    await kill({ on: false });
    await whenAll(id, isArmed);
    await nextCapture(id);
  }, 60_000);

  it('of one process leaves the others alone', async () => {
    const other = await startTrades();
    try {
      const id = await place();
      await until(
        'both have it',
        async () => (await stage.api.probe(id)).agents.filter(isArmed).length >= 2 || undefined,
      );
      const instance = await instanceOf(stage.api, other);
      await kill({ on: true, reason: 'this one is slow', instance });
      await until('it is off', async () =>
        (await stage.api.probe(id)).agents.find(
          (report) => report.instance === instance && isFor('killSwitch')(report),
        ),
      );
      await nextCapture(id);
      await kill({ on: false, instance });
      await whenAll(id, isArmed);
    } finally {
      await other.stop();
    }
  });
});

describe('a deny list', () => {
  it('disarms what is armed at once, refuses what is asked for, and allows both again', async () => {
    const id = await place();
    await put({ deny: [`${QUOTE}#quote`] });
    await whenAll(id, isFor('denied'));
    expect(await refusal({})).toMatchObject({
      code: 'DENIED',
      message: `quote of ${QUOTE} may not be probed: the deny list has ${QUOTE}#quote.`,
    });
    await put({});
    await whenAll(id, isArmed);
    await nextCapture(id);
  });

  it('of the process itself is not undone by any policy', async () => {
    const other = await startTrades({ DORMOUSE_DENY: '#quote', DORMOUSE_SERVICE: 'stubborn' });
    try {
      await put({ deny: [] }, '?service=stubborn');
      const { id } = await stage.api.createProbe({ ...REQUEST, service: 'stubborn' });
      await whenAll(id, isFor('denied'));
      await quote(other);
      expect(await stage.api.captures({ probe: id })).toEqual([]);
    } finally {
      await other.stop();
    }
  });
});

describe('redaction rules', () => {
  it('hold for armed probes at once, and for what is asked for', async () => {
    const id = await place();
    const priceOf = ({ locals }: CaptureView): unknown => locals?.find(({ key }) => key === 'side')?.value;
    expect(priceOf(await nextCapture(id))).toEqual({ type: 'string', value: 'buy' });
    await put({ redaction: { names: ['side'] } });
    expect(priceOf(await nextCapture(id))).toMatchObject({ type: 'redacted' });
    expect(await refusal({ condition: 'side === "buy"' })).toMatchObject({ code: 'REDACTED_NAME' });

    await put({});
    const reading = await place({ watches: ['side'] });
    await put({ redaction: { names: ['side'] } });
    const probe = await whenAll(reading, isFor('denied'));
    expect(probe.agents.at(-1)?.message).toMatch(/reads side, which is redacted/);
    await put({});
    await whenAll(reading, isArmed);
  });

  it('that are none are refused, and change nothing', async () => {
    const wrong = { redaction: { patterns: [{ name: 'ahead', pattern: 'a(?=b)' }] } };
    const error = await stage.api.call('PUT', '/policy', wrong).catch((thrown: unknown) => thrown);
    expect((error as ApiError).body.error).toMatchObject({
      code: 'INVALID_REQUEST',
      path: 'redaction.patterns[0].pattern',
    });
    expect(await stage.api.call('GET', '/policy')).toMatchObject({ redaction: { patterns: [] } });
  });
});

it('limits are lowered for armed probes at once', async () => {
  const id = await place();
  await put({ limits: { hitsPerSecond: 1 } });
  for (let n = 0; n < 20; n++) await quote();
  await whenAll(id, ({ skipped }) => (skipped.rateLimitProcess ?? 0) > 5);
});
