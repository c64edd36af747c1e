import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  MAX_CAPTURE_LIMITS,
  type CapturedProperty,
  type CapturedValue,
  type CaptureView,
  type MetricsView,
  type ProbeRequest,
  type ProbeView,
} from '@dormouse/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { storageFlags } from '../packages/collector/test/support/storage-of.ts';
import { ApiError, until } from '../scripts/lib/api.ts';
import { CLI, EXAMPLE, lineOf } from '../scripts/lib/example.ts';
import { HOST_NODE } from '../scripts/lib/paths.ts';
import type { Server } from '../scripts/lib/processes.ts';
import { NEVER_RESTING, openStage, type Stage } from '../scripts/lib/stage.ts';

/** A running, woven service is probed through the HTTP API and through the CLI, and the evidence is read. */

const GATE = 'src/trades/risk/risk-gate.ts';
const GATE_LINE = lineOf(GATE, 'order.highValue === true');
const DESK = 'src/trades/orders/order-desk.ts';
const ASSESSED_FROM = lineOf(DESK, 'await risk.assess(');
const ASSESSED_AT = lineOf(DESK, 'const record = orders.add(');
const ORDERS = 'src/trades/routes/orders.ts';
const AUTHENTICATE = 'src/trades/routes/authenticate.ts';

let stage: Stage;
let trades: Server;
let sent = 0;

beforeAll(async () => {
  stage = await openStage(storageFlags);
  // The service runs on the machine's own Node, as a user's would; the collector on the tools' Node.
  const fraud = await stage.startService('fraud', { node: HOST_NODE });
  trades = await stage.startService('trades', {
    node: HOST_NODE,
    env: { ...NEVER_RESTING, FRAUD_URL: fraud.url },
  });
}, 60_000);

afterAll(() => stage.close());

afterEach(async () => {
  for (const { id, state } of await stage.api.probes()) {
    if (state === 'active') await stage.api.removeProbe(id);
  }
});

describe('through the HTTP API', () => {
  it('a snapshot delivers variables, watches and stack when its condition holds', async () => {
    const probe = await armed({
      kind: 'snapshot',
      service: 'trades',
      location: { file: 'risk-gate.ts', line: GATE_LINE },
      condition: 'amount > 10000 && order.symbol.startsWith("A")',
      watches: ['amount * 2', 'typeof order.highValue'],
    });
    expect(probe.location).toMatchObject({ file: GATE, line: GATE_LINE });
    expect(probe.function).toBe('RiskGate.assess');

    await placeOrder({ symbol: 'ALDR', amount: 500 });
    await placeOrder({ symbol: 'ALDR', amount: 20_000 });
    const [capture, ...more] = await captures(probe, 1);

    expect(more).toEqual([]);
    const amount = numberAt(capture?.locals, 'amount');
    expect(amount).toBeGreaterThan(10_000);
    expect(valueAt(capture?.locals, 'order', 'symbol')).toEqual({ type: 'string', value: 'ALDR' });
    expect(capture?.watches).toEqual([
      { source: 'amount * 2', value: { type: 'number', value: amount * 2 } },
      { source: 'typeof order.highValue', value: { type: 'string', value: 'boolean' } },
    ]);
    expect(capture?.stack?.[0]).toMatchObject({ file: GATE, line: GATE_LINE });
    expect(capture?.stack?.some(({ file }) => file === 'src/trades/orders/order-desk.ts')).toBe(true);
  });

  it('a log renders its template for every hit', async () => {
    const probe = await armed({
      kind: 'log',
      service: 'trades',
      location: { file: GATE, line: GATE_LINE },
      template: 'assessing {order.symbol} {{braces}} {order.quantity > 0}',
    });
    await placeOrder({ symbol: 'ALDR' });
    await placeOrder({ symbol: 'ALDR' });
    const logs = await captures(probe, 2);
    expect(logs.map(({ message }) => message)).toEqual([
      'assessing ALDR {braces} true',
      'assessing ALDR {braces} true',
    ]);
  });

  it('a snapshot on throw shows the error and where the call had come to, though it is handled', async () => {
    const probe = await armed({
      kind: 'snapshot',
      service: 'trades',
      on: 'throw',
      location: { file: 'risk-gate.ts', function: 'assess' },
    });
    await placeOrder({ amount: 20_000_000 }, 422);
    const [capture] = await captures(probe, 1);
    expect(capture?.threw).toMatchObject({ type: 'error', class: 'OrderRefused' });
    expect(capture?.lastLine?.line).toBe(lineOf(GATE, 'checkHoldings(order'));
    expect(numberAt(capture?.lastLine?.locals, 'amount')).toBeGreaterThan(1_000_000);
  });

  it('a snapshot shows the variables of its callers, on the stack and waiting, once it has seen the way', async () => {
    const ask = (file: string, line: number): Promise<ProbeView> =>
      armed({ kind: 'snapshot', service: 'trades', location: { file, line }, callers: 3 });
    const [inside, behind] = await Promise.all([ask(GATE, GATE_LINE), ask(DESK, ASSESSED_AT)]);
    await placeOrder({});
    const [first] = await captures(inside, 1);
    expect(first).not.toHaveProperty('callers');
    await until('the callers are followed', async () => {
      await placeOrder({});
      return [...(await captures(inside, 2)), ...(await captures(behind, 2))].some(({ callers }) => callers);
    });
    await delivered();
    const shown = async (probe: ProbeView): Promise<unknown> => {
      const { stack = [], callers } = (await captures(probe, 2)).findLast((capture) => capture.callers)!;
      return callers?.map(({ frame, line, locals }) => ({
        function: stack[frame]?.function,
        waits: stack[frame]?.async ?? false,
        line,
        symbol: valueAt(locals, 'draft', 'symbol'),
      }));
    };
    const desk = {
      function: 'OrderDesk.place',
      line: ASSESSED_FROM,
      symbol: { type: 'string', value: 'ALDR' },
    };
    const route = { function: '<anonymous>', line: lineOf(ORDERS, 'desk.place(') };
    expect(await shown(inside)).toEqual([
      { ...desk, waits: false },
      { ...route, waits: false },
    ]);
    expect(await shown(behind)).toEqual([{ ...route, waits: true }]);
  });

  it('a span tells how one call went, and where its code is', async () => {
    const probe = await armed({
      kind: 'span',
      service: 'trades',
      location: { file: 'risk-gate.ts', function: 'assess' },
      name: 'risk gate',
      attributes: { symbol: 'order.symbol', failed: '$error !== undefined' },
      target: { canary: { quietMs: 60_000 } },
    });
    expect(probe.rollout).toMatchObject({ stage: 'canary', instances: [probe.agents[0]?.instance] });
    await placeOrder({ symbol: 'ALDR' });
    const [capture] = await captures(probe, 1);
    expect(capture?.span).toMatchObject({
      recorder: 'dormouse',
      name: 'risk gate',
      status: 'ok',
      attributes: {
        symbol: 'ALDR',
        failed: false,
        'code.file.path': GATE,
        'code.function.name': 'RiskGate.assess',
      },
    });
    expect(capture?.traceId).toMatch(/^[0-9a-f]{32}$/);
  });

  it('a span of lines ends at its second line, or with the call', async () => {
    const probe = await armed({
      kind: 'span',
      service: 'trades',
      location: { file: DESK, line: ASSESSED_FROM },
      until: { file: DESK, line: ASSESSED_AT },
      attributes: { symbol: 'order.symbol', took: '$duration' },
    });
    await placeOrder({ symbol: 'ALDR' });
    const [capture] = await captures(probe, 1);
    expect(capture?.span).toMatchObject({
      name: `OrderDesk.place:${ASSESSED_FROM}-${ASSESSED_AT}`,
      status: 'ok',
      attributes: { symbol: 'ALDR', 'code.line.number': ASSESSED_FROM, took: capture?.span?.durationMs },
    });
  });

  it('a path shows which way a call went, line by line, and those that it includes', async () => {
    const probe = await armed({
      kind: 'path',
      service: 'trades',
      location: { file: 'risk-gate.ts', function: 'assess' },
      condition: '$return?.fraudScore >= 0 && order.amount > 10000',
      includes: [{ file: 'risk-gate.ts', function: 'checkHoldings' }],
    });
    await placeOrder({ symbol: 'ALDR', amount: 500 });
    await placeOrder({ symbol: 'ALDR', amount: 20_000 });
    const [capture, ...more] = await captures(probe, 1);
    const { functions = [], calls = [], steps = [], ended } = capture?.path ?? {};

    expect(more).toEqual([]);
    expect(ended).toBe('returned');
    expect(functions).toEqual([
      { name: 'RiskGate.assess', source: GATE },
      { name: 'checkHoldings', source: GATE },
    ]);
    expect(calls).toMatchObject([{ depth: 0 }, { depth: 1, ended: 'returned' }]);
    expect(steps.find(({ line }) => line === GATE_LINE)).toMatchObject({ call: 0, arm: 'then' });
    expect(steps.filter(({ call }) => call === 1)[0]).toMatchObject({ arm: 'none' });
    expect(numberAt(steps[0]?.changed, 'order', 'amount')).toBeGreaterThan(10_000);
    const scored = steps.find(({ changed }) => valueAt(changed, 'score') !== undefined);
    expect(
      valueAt(capture?.returned?.type === 'object' ? capture.returned.properties : [], 'fraudScore'),
    ).toEqual(valueAt(scored?.changed, 'score'));
    const { agents } = await until('the account is told', async () => {
      const view = await stage.api.probe(probe.id);
      return view.agents[0]?.captured === 1 ? view : undefined;
    });
    expect(agents[0]).toMatchObject({ seen: 2, matched: 1, skipped: { condition: 1 } });
  });

  it('a condition that is false delivers nothing, and the hits are counted as seen', async () => {
    const probe = await armed({
      kind: 'snapshot',
      service: 'trades',
      location: { file: GATE, line: GATE_LINE },
      condition: 'amount < 0',
    });
    await placeOrder({});
    const report = await until('the hit is reported', async () => {
      const [agent] = (await stage.api.probe(probe.id)).agents;
      return agent !== undefined && agent.seen > 0 ? agent : undefined;
    });
    expect(report).toMatchObject({ matched: 0, captured: 0, skipped: { condition: report.seen } });
    expect(await stage.api.captures({ probe: probe.id })).toEqual([]);
  });

  it('a probe ends at its hit limit', async () => {
    const probe = await armed({
      kind: 'snapshot',
      service: 'trades',
      location: { file: GATE, line: GATE_LINE },
      limits: { hits: 2, hitsPerSecond: 1_000 },
    });
    for (let order = 0; order < 5; order++) await placeOrder({});
    const ended = await until('the probe ends', async () => {
      const view = await stage.api.probe(probe.id);
      return view.state === 'ended' ? view : undefined;
    });
    expect(ended).toMatchObject({ endCause: 'hitLimit', hits: 2 });
    expect(await stage.api.captures({ probe: probe.id })).toHaveLength(2);
  });

  it('a probe delivers no more hits a second than its rate allows', async () => {
    const probe = await armed({
      kind: 'log',
      service: 'trades',
      location: { file: GATE, line: GATE_LINE },
      template: 'hit',
      limits: { hitsPerSecond: 1 },
    });
    for (let order = 0; order < 20; order++) await placeOrder({});
    const report = await until('skips are reported', async () => {
      const [agent] = (await stage.api.probe(probe.id)).agents;
      return (agent?.skipped.rateLimitProbe ?? 0) > 0 ? agent : undefined;
    });
    expect(report?.captured).toBeLessThan(20);
  });

  it('a probe expires', async () => {
    const probe = await armed({
      kind: 'log',
      service: 'trades',
      location: { file: GATE, line: GATE_LINE },
      template: 'hit',
      limits: { expiresInMs: 1_000 },
    });
    const ended = await until('the probe ends', async () => {
      const view = await stage.api.probe(probe.id);
      return view.state === 'ended' ? view : undefined;
    });
    expect(ended.endCause).toBe('expired');
    await placeOrder({});
    await delivered();
    expect(await stage.api.captures({ probe: probe.id })).toEqual([]);
  });

  it('a removed probe delivers nothing', async () => {
    const probe = await armed({
      kind: 'snapshot',
      service: 'trades',
      location: { file: GATE, line: GATE_LINE },
      limits: { hitsPerSecond: 1_000 },
    });
    await placeOrder({});
    const before = await captures(probe, 1);
    expect((await stage.api.removeProbe(probe.id)).endCause).toBe('removed');
    await until('the process has disarmed it', async () => {
      const [agent] = (await stage.api.probe(probe.id)).agents;
      return agent?.state === 'disarmed' ? agent : undefined;
    });
    for (let order = 0; order < 3; order++) await placeOrder({});
    await delivered();
    expect(await stage.api.captures({ probe: probe.id })).toHaveLength(before.length);
  });

  it.each([
    ['an account with its key', GATE, GATE_LINE],
    ['a request with its headers', AUTHENTICATE, lineOf(AUTHENTICATE, 'const key = ')],
  ])('secrets never leave the process: %s', async (_what, file, line) => {
    const probe = await armed({
      kind: 'snapshot',
      service: 'trades',
      location: { file, line },
      capture: { timeMs: MAX_CAPTURE_LIMITS.timeMs },
      limits: { hitsPerSecond: 1_000 },
    });
    // A capture may be out of time before it comes to a secret, on a machine that is busy.
    for (let orders = 1, isSeen = false; !isSeen; orders++) {
      await placeOrder({});
      const text = JSON.stringify(await captures(probe, orders));
      expect(text).not.toContain('example-key-');
      isSeen = text.includes('"redacted"');
    }
  });

  it('a card number in a value is redacted, in snapshots and in logs', async () => {
    const location = { file: GATE, line: GATE_LINE };
    const snapshot = await armed({ kind: 'snapshot', service: 'trades', location });
    const log = await armed({ kind: 'log', service: 'trades', location, template: 'note: {order.note}' });
    await placeOrder({ note: 'card 4111 1111 1111 1111 thanks' });
    const [[seen], [line]] = await Promise.all([captures(snapshot, 1), captures(log, 1)]);
    expect(JSON.stringify([seen, line])).not.toContain('4111');
    expect(line?.message).toMatch(/^note: card \[redacted:[^\]]*\] thanks$/);
  });
});

describe('metrics', () => {
  it('a histogram by key is added up in the process, and told with quantiles', async () => {
    const probe = await armed({
      kind: 'histogram',
      service: 'trades',
      location: { file: GATE, line: GATE_LINE },
      value: 'amount',
      by: 'order.symbol',
    });
    for (const amount of [500, 20_000, 500]) await placeOrder({ amount });
    const { series } = await until('three orders are counted', async () => {
      const metrics = (await stage.api.call('GET', `/metrics?probe=${probe.id}`)) as MetricsView;
      return metrics.series[0]?.count === 3 ? metrics : undefined;
    });
    expect(series).toMatchObject([{ key: 'ALDR', count: 3 }]);
    const { p50 = 0, p99 = 0 } = series[0]?.quantiles ?? {};
    expect(p50).toBeLessThan(1_000);
    expect(p99).toBeLessThan(1_000);
    expect(series[0]?.max).toBeGreaterThan(10_000);
  });

  it('a tictoc times the way from one line of a call to another, by what is known there', async () => {
    const probe = await armed({
      kind: 'tictoc',
      service: 'trades',
      location: { file: DESK, line: ASSESSED_FROM },
      until: { file: DESK, line: ASSESSED_AT },
      condition: 'order.amount > 1000',
      by: 'fraudScore === null',
    });
    expect(probe).toMatchObject({ within: 'call', until: { file: DESK, line: ASSESSED_AT } });
    await Promise.all([500, 20_000, 30_000].map((amount) => placeOrder({ amount })));
    const { series, failed } = await until('two orders are timed', async () => {
      const metrics = (await stage.api.call('GET', `/metrics?probe=${probe.id}`)) as MetricsView;
      return metrics.series.reduce((sum, { count }) => sum + count, 0) === 2 ? metrics : undefined;
    });
    expect(failed).toEqual({});
    for (const { min = 0, max = Infinity } of series) {
      expect(min).toBeGreaterThan(0);
      expect(max).toBeLessThan(5_000);
    }
    const [agent] = (await stage.api.probe(probe.id)).agents;
    expect(agent).toMatchObject({ seen: 3, skipped: { condition: 1 } });
  });

  it('through the CLI, calls are timed for a while, with the figures of the last moment', async () => {
    const timed = dormouse('duration', 'risk-gate.ts:RiskGate.assess', '--for', '2s');
    await until('it is armed', async () =>
      (await stage.api.probes()).find(
        ({ kind, agents }) => kind === 'duration' && agents[0]?.state === 'armed',
      ),
    );
    for (let order = 0; order < 3; order++) await placeOrder({});
    const { stdout, code } = await timed;
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^CALLS +COUNT +TIME +MEAN .*\nreturned +3 +in all .* ms\n +running .* ms\n +awaiting .* ms\n/,
    );
  });

  it('through the CLI, a check decides after some hits', async () => {
    const checked = dormouse('check', `risk-gate.ts:${GATE_LINE}`, 'amount < 10000', '--after', '2');
    await until('it is armed', async () =>
      (await stage.api.probes()).find(({ kind, agents }) => kind === 'check' && agents[0]?.state === 'armed'),
    );
    await placeOrder({ amount: 500 });
    await placeOrder({ amount: 20_000 });
    const { stdout, code } = await checked;
    expect(code).toBe(1);
    expect(stdout).toMatch(/\nviolated {2}held 1 time, violated 1 time\n$/);
  });
});

describe('bad input', () => {
  const good: ProbeRequest = {
    kind: 'snapshot',
    service: 'trades',
    location: { file: GATE, line: GATE_LINE },
  };
  const cases: readonly (readonly [what: string, request: unknown, code: string, text: RegExp])[] = [
    ['unknown service', { ...good, service: 'trade' }, 'UNKNOWN_SERVICE', /trades/],
    [
      'unknown file',
      { ...good, location: { file: 'risk-gat.ts', line: 1 } },
      'UNKNOWN_FILE',
      /risk-gate\.ts/,
    ],
    ['ambiguous file', { ...good, location: { file: 'main.ts', line: 1 } }, 'AMBIGUOUS_FILE', /main\.ts/],
    ['line without code', { ...good, location: { file: GATE, line: 8 } }, 'NO_CODE_AT_LINE', /\d+/],
    ['unknown variable', { ...good, condition: 'amont > 1' }, 'UNKNOWN_VARIABLE', /amount/],
    ['syntax error', { ...good, condition: 'amount >' }, 'SYNTAX_ERROR', /amount >/],
    ['an assignment', { ...good, condition: 'amount = 1' }, 'UNSUPPORTED_SYNTAX', /assign/i],
    ['a call', { ...good, condition: 'order.settle()' }, 'UNSUPPORTED_SYNTAX', /settle/],
    ['a tagged template', { ...good, condition: 'order`x`' }, 'UNSUPPORTED_SYNTAX', /tagged/i],
    ['a secret', { ...good, condition: 'order.password == "x"' }, 'REDACTED_NAME', /password/],
    ['a limit too high', { ...good, limits: { hits: 1e12 } }, 'LIMIT_EXCEEDED', /1,?000,?000/],
    [
      'another build',
      { ...good, target: { buildId: 'feedfacefeedfacefeedface' } },
      'UNKNOWN_BUILD',
      /feedface/,
    ],
    ['a malformed request', { ...good, kind: 'snap' }, 'INVALID_REQUEST', /kind/],
  ];

  it.each(cases)('%s is refused with what, where and what to do', async (_what, request, code, text) => {
    const error = await stage.api.call('POST', '/probes', request).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    const { body } = error as ApiError;
    expect(body.error.code).toBe(code);
    expect(JSON.stringify(body.error)).toMatch(text);
    expect(body.error.message.length).toBeGreaterThan(20);
  });

  it('a wrong token is refused', async () => {
    const response = await fetch(new URL('/api/v1/services', stage.collector.url), {
      headers: { authorization: 'Bearer wrong' },
    });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: { code: 'UNAUTHENTICATED' } });
  });
});

describe('through the CLI', () => {
  it('lists the service and the points of a line', async () => {
    const services = await dormouse('services');
    expect(services.stdout).toMatch(/trades/);
    const points = await dormouse('points', `${GATE}:${GATE_LINE}`);
    expect(points.stdout).toMatch(/RiskGate\.assess/);
    expect(points.stdout).toMatch(/amount/);
  });

  it('a snapshot waits for its evidence and prints it', async () => {
    const asked = dormouse(
      'snapshot',
      `risk-gate.ts:${GATE_LINE}`,
      '--if',
      'amount > 10000',
      '--watch',
      'amount / 2',
      '--hits',
      '1',
    );
    await until('the probe is armed', async () => {
      const probes = await stage.api.probes();
      return probes.find(
        ({ state, agents }) => state === 'active' && agents.some((agent) => agent.state === 'armed'),
      );
    });
    await placeOrder({ amount: 20_000 });
    const { stdout, code } = await asked;
    expect(code).toBe(0);
    for (const expected of ['amount / 2', 'order', 'RiskGate.assess', `risk-gate.ts:${GATE_LINE}`]) {
      expect(stdout).toContain(expected);
    }
  });

  it('a log for the process is a line of its stdout, and counts until it has had its hits', async () => {
    const asked = ['--to', 'process', '--hits', '2', '--json'];
    const placed = await dormouse('log', `risk-gate.ts:${GATE_LINE}`, 'assesses {order.symbol}', ...asked);
    const { id } = JSON.parse(placed.stdout) as ProbeView;
    await whenArmed(id);
    for (let order = 0; order < 3; order++) await placeOrder({});
    const ended = await until('the probe ends', async () => {
      const view = await stage.api.probe(id);
      return view.state === 'ended' ? view : undefined;
    });
    expect(ended).toMatchObject({ to: 'process', endCause: 'hitLimit', hits: 2 });
    expect(await stage.api.captures({ probe: id })).toEqual([]);
    const lines = trades.output.filter((line) => line.includes(id)).map((line) => JSON.parse(line) as object);
    const line = { level: 'info', message: 'assesses ALDR', 'dormouse.probe': id };
    expect(lines).toMatchObject([line, line]);
    expect((await dormouse('log', `risk-gate.ts:${GATE_LINE}`, 'x', '--to', 'process', '--wait')).code).toBe(
      2,
    );
  });

  it('a path is followed up to a line, and printed', async () => {
    const asked = dormouse('path', 'risk-gate.ts:assess', '--until', `${GATE_LINE}`);
    await until('it is armed', async () =>
      (await stage.api.probes()).find(({ kind, agents }) => kind === 'path' && agents[0]?.state === 'armed'),
    );
    await placeOrder({ amount: 20_000 });
    const { stdout, code } = await asked;
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`[µm]s +${GATE_LINE} {2}.*fraudScore = null`));
    expect(stdout).toContain('reached the line');
  });

  it('a log is placed, tailed as JSON and removed', async () => {
    const placed = await dormouse(
      'log',
      `risk-gate.ts:${GATE_LINE}`,
      'amount is {amount}',
      '--json',
      '--no-wait',
    );
    const probe = JSON.parse(placed.stdout) as ProbeView;
    await whenArmed(probe.id);
    await placeOrder({});
    const [line] = await captures(probe, 1);
    expect(line?.message).toMatch(/^amount is [\d.]+$/);
    const listed = await dormouse('captures', '--probe', probe.id, '--json');
    expect(listed.stdout).toContain(line?.message);
    expect((await dormouse('remove', probe.id)).code).toBe(0);
    expect((await stage.api.probe(probe.id)).state).toBe('ended');
  });

  it('says what was probably meant', async () => {
    const { stderr, code } = await dormouse('snapshot', `risk-gatt.ts:${GATE_LINE}`);
    expect(code).toBe(1);
    expect(stderr).toContain('risk-gate.ts');
  });
});

describe('when the collector is killed and restarted', () => {
  it('no probe and no stored capture is lost, and the service never notices', async () => {
    const probe = await armed({
      kind: 'log',
      service: 'trades',
      location: { file: GATE, line: GATE_LINE },
      template: 'order',
      limits: { hitsPerSecond: 1_000 },
    });
    await placeOrder({});
    const before = await captures(probe, 1);
    const restarted = stage.restartCollector();
    await placeOrder({});
    await restarted;
    await placeOrder({});
    const after = await captures(probe, 3);
    expect(after.slice(0, 1)).toEqual(before);
    expect(new Set(after.map(({ id }) => id)).size).toBe(3);
    expect((await stage.api.probe(probe.id)).state).toBe('active');
  }, 60_000);
});

/** Places a probe and waits until a process has armed it. */
async function armed(request: ProbeRequest): Promise<ProbeView> {
  const { id } = await stage.api.createProbe(request);
  return whenArmed(id);
}

function whenArmed(id: string): Promise<ProbeView> {
  return until(`probe ${id} is armed`, async () => {
    const view = await stage.api.probe(id);
    return view.agents.some(({ state }) => state === 'armed') ? view : undefined;
  });
}

function captures(probe: ProbeView, count: number): Promise<readonly CaptureView[]> {
  return until(
    `${count} captures of ${probe.id}`,
    async () => {
      const found = await stage.api.captures({ probe: probe.id });
      return found.length >= count ? found : undefined;
    },
    20_000,
  );
}

/** Time enough for anything that was captured to have been delivered: several times the flush interval. */
async function delivered(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 600));
}

async function placeOrder(
  order: { symbol?: string; amount?: number; note?: string },
  status = 201,
): Promise<void> {
  const { symbol = 'ALDR', amount = 500, note } = order;
  const quote = (await (
    await fetch(new URL(`/quotes/${symbol}?side=buy&quantity=1`, trades.url))
  ).json()) as {
    price: number;
  };
  const response = await fetch(new URL('/orders', trades.url), {
    method: 'POST',
    headers: { 'x-api-key': 'example-key-b001', 'content-type': 'application/json' },
    body: JSON.stringify({
      clientOrderId: `probing-${++sent}`,
      symbol,
      side: 'buy',
      type: 'market',
      quantity: Math.max(1, Math.round(amount / quote.price)),
      ...(note === undefined ? {} : { note }),
    }),
  });
  expect(response.status, await response.text()).toBe(status);
}

function valueAt(
  properties: readonly CapturedProperty[] | undefined,
  ...path: string[]
): CapturedValue | undefined {
  let found: CapturedValue | undefined;
  let level = properties;
  for (const key of path) {
    found = level?.find((property) => property.key === key)?.value;
    level = found?.type === 'object' ? found.properties : undefined;
  }
  return found;
}

function numberAt(properties: readonly CapturedProperty[] | undefined, ...path: string[]): number {
  const value = valueAt(properties, ...path);
  return value?.type === 'number' ? Number(value.value) : Number.NaN;
}

async function dormouse(...args: string[]): Promise<{ stdout: string; stderr: string; code: number | null }> {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: EXAMPLE,
    env: {
      ...process.env,
      DORMOUSE_URL: stage.collector.url,
      DORMOUSE_TOKEN: stage.adminToken,
      DORMOUSE_SERVICE: 'trades',
      NO_COLOR: '1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { stdout, stderr, code };
}
