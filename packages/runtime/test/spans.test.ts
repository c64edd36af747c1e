import { context, propagation, trace } from '@opentelemetry/api';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  InMemorySpanExporter,
  type Sampler,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import {
  DEFAULT_SPAN_LIMITS,
  DEFAULT_TAG_LIMITS,
  type LinePlace,
  type NamedExpression,
  type ProbeCommand,
} from '@dormouse/protocol';
import { parseExpression } from '@dormouse/expression/parse';
import { afterEach, describe, expect, it } from 'vitest';
import { runIn } from '../src/context/request.ts';
import { NO_ATTRIBUTES } from '../src/context/slot.ts';
import { armScript, type Armed } from './support/armed.ts';
import { commandAt, commandOn, type CommandOptions } from './support/commands.ts';
import { latch } from './support/latch.ts';
import type { WovenPoints } from './support/woven.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

const named = (attributes: Record<string, string>): NamedExpression[] =>
  Object.entries(attributes).map(([name, source]) => ({ name, expression: parseExpression(source) }));

const spanOn =
  (name: string, attributes: Record<string, string> = {}, options: CommandOptions = {}) =>
  (woven: WovenPoints): ProbeCommand => ({
    ...commandOn('end', woven, name, { id: 'p_span', ...options }),
    kind: 'span',
    span: { name: `the ${name}`, file: 'src/f.ts', line: 7, function: name },
    attributes: named(attributes),
    limits: { ...DEFAULT_SPAN_LIMITS, ...options.limits },
  });

/** A span of the lines from one up to another. */
const spanFrom =
  (from: number, to: number, attributes: Record<string, string> = {}, options: CommandOptions = {}) =>
  (woven: WovenPoints): ProbeCommand => ({
    ...commandAt(woven, from, options),
    kind: 'span',
    until: commandAt(woven, to).place as LinePlace,
    span: { name: `f:${from}-${to}`, file: 'src/f.ts', line: from, function: 'f' },
    attributes: named(attributes),
    limits: { ...DEFAULT_SPAN_LIMITS, ...options.limits },
  });

const tagAt =
  (line: number, attributes: Record<string, string>, options: CommandOptions = {}) =>
  (woven: WovenPoints): ProbeCommand => ({
    ...commandAt(woven, line, options),
    kind: 'tag',
    attributes: named(attributes),
    limits: { ...DEFAULT_TAG_LIMITS, ...options.limits },
  });

const undo: (() => void)[] = [];
afterEach(() => {
  for (const run of undo.splice(0)) run();
});

/** Arms probes in the script `function f…` and gives back f. */
function arm(
  source: string,
  ...commands: Parameters<Armed['want']>
): Armed & { call(...values: unknown[]): unknown } {
  const armed = armScript(`${source}\nf`, ...commands);
  expect(armed.probes.takeReports()).toMatchObject(commands.map(() => ({ state: 'armed' })));
  undo.push(() => armed.want());
  return { ...armed, call: armed.value as (...values: unknown[]) => unknown };
}

/** OpenTelemetry's SDK as a program sets it up. */
function startTelemetry(sampler: Sampler = new AlwaysOnSampler()): InMemorySpanExporter {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ sampler, spanProcessors: [new SimpleSpanProcessor(exporter)] });
  provider.register();
  undo.push(() => {
    trace.disable();
    context.disable();
    propagation.disable();
  });
  return exporter;
}

const F = `function f(n) { if (n > 10) throw new RangeError('too much for bob@example.com'); return n * 2 }`;

describe('a span probe', () => {
  it('makes a span of each call, in a trace of its own where there is none', () => {
    const { captures, call } = arm(F, spanOn('f', { input: 'n', output: '$return', took: '$duration >= 0' }));
    expect(call(2)).toBe(4);
    const [capture] = captures;
    expect(capture).toMatchObject({
      kind: 'span',
      span: {
        recorder: 'dormouse',
        name: 'the f',
        status: 'ok',
        attributes: {
          input: 2,
          output: 4,
          took: true,
          'code.file.path': 'src/f.ts',
          'code.line.number': 7,
          'code.function.name': 'f',
          'dormouse.probe': 'p_span',
        },
      },
    });
    expect(capture?.span?.traceId).toMatch(/^[\da-f]{32}$/);
    expect(capture?.span?.spanId).toMatch(/^[\da-f]{16}$/);
    expect(capture).toMatchObject({ traceId: capture?.span?.traceId, spanId: capture?.span?.spanId });
    expect(capture?.span).not.toHaveProperty('parentSpanId');
    expect(Math.abs((capture?.span?.startedAt ?? 0) - Date.now())).toBeLessThan(5_000);
  });

  it('continues the trace of its request', () => {
    const { captures, call } = arm(F, spanOn('f'));
    const request = {
      trace: { traceId: TRACE, spanId: SPAN },
      attributes: NO_ATTRIBUTES,
    };
    runIn(request, () => call(1));
    expect(captures).toMatchObject([{ traceId: TRACE, span: { traceId: TRACE, parentSpanId: SPAN } }]);
  });

  it('ends with the error that its call throws, which passes on unchanged and is redacted here', () => {
    const { captures, call } = arm(F, spanOn('f', { why: '$error.message' }));
    expect(() => call(11)).toThrow('too much for bob@example.com');
    expect(captures).toMatchObject([{ span: { status: 'error' } }]);
    expect(captures[0]?.span?.error).toMatch(/^RangeError: too much for \[redacted:email\]$/);
    expect(captures[0]?.span?.attributes['why']).toBe('too much for [redacted:email]');
  });

  it('is only for calls that its condition holds for as they begin, and says why an attribute has no value', () => {
    const { captures, call } = arm(F, spanOn('f', { broken: 'n.a.b' }, { condition: 'n > 2' }));
    for (const n of [1, 2, 3]) call(n);
    expect(captures).toMatchObject([
      { span: { attributes: { broken: expect.stringMatching(/^<error: /) as string } } },
    ]);
  });

  it('shows no secret in an attribute', () => {
    const { captures, call } = arm(
      'function f(key) { return key }',
      spanOn('f', { apiKey: 'key', mail: '$return' }),
    );
    call('bob@example.com');
    expect(captures[0]?.span?.attributes).toMatchObject({
      apiKey: '[redacted:name]',
      mail: '[redacted:email]',
    });
  });

  it('pairs calls that overlap, and lasts as long as an asynchronous one', async () => {
    const { captures, call } = arm(
      'async function f(wait, n) { await wait; return n }',
      spanOn('f', { n: 'n', result: '$return' }),
    );
    let open = (): void => {};
    const slow = call(
      new Promise<void>((resolve) => {
        open = resolve;
      }),
      1,
    );
    await call(undefined, 2);
    open();
    await slow;
    expect(captures.map(({ span }) => [span?.attributes['n'], span?.attributes['result']])).toEqual([
      [2, 2],
      [1, 1],
    ]);
    expect(new Set(captures.map(({ span }) => span?.spanId)).size).toBe(2);
  });

  it('pairs calls inside calls', () => {
    const { captures, call } = arm(
      'function f(n) { return n === 0 ? 1 : n * f(n - 1) }',
      spanOn('f', { n: 'n', result: '$return' }),
    );
    expect(call(3)).toBe(6);
    const seen = captures.map(({ span }) => [span?.attributes['n'], span?.attributes['result']]);
    expect(seen).toEqual([
      [0, 1],
      [1, 1],
      [2, 2],
      [3, 6],
    ]);
  });

  it('ends with a generator that is left early, and is never told of one that is forgotten', () => {
    const { captures, call } = arm('function* f(n) { yield n; yield n + 1 }', spanOn('f', { n: 'n' }));
    const [first] = call(1) as Iterable<number>;
    (call(2) as Iterator<number>).next();
    expect(first).toBe(1);
    expect(captures).toMatchObject([{ span: { status: 'unset', attributes: { n: 1 } } }]);
  });

  it('ends the probe at its hit limit', () => {
    const { captures, probes, call } = arm(F, spanOn('f', {}, { limits: { hits: 2 } }));
    for (let n = 0; n < 5; n++) call(n);
    expect(captures).toHaveLength(2);
    expect(probes.takeReports()).toMatchObject([{ state: 'disarmed', cause: 'hitLimit', captured: 2 }]);
  });
});

describe('a span of lines', () => {
  const LINES = `function f(n, leaves, log) {
    const twice = n * 2;
    log.push('first');
    if (leaves) return leaves();
    log.push('second');
    return twice;
  }`;

  it('begins before the first line and ends before the second one', () => {
    const { captures, call } = arm(
      LINES,
      spanFrom(3, 5, { twice: 'twice', logged: 'log.length', took: '$duration >= 0', result: '$return' }),
    );
    const log: string[] = [];
    expect(call(4, undefined, log)).toBe(8);
    expect(captures).toMatchObject([
      {
        span: {
          name: 'f:3-5',
          status: 'ok',
          attributes: { 'code.line.number': 3, twice: 8, logged: 0, took: true },
        },
      },
    ]);
  });

  it('ends with a call that leaves before, as that ends', () => {
    const { captures, call } = arm(
      LINES,
      spanFrom(3, 5, { result: '$return', why: '$error' }, { condition: 'twice > 2' }),
    );
    call(1, undefined, []);
    call(2, () => 7, []);
    const fail = (): never => {
      throw new RangeError('no');
    };
    expect(() => call(3, fail, [])).toThrow('no');
    expect(captures.map(({ span }) => [span?.status, span?.attributes['result'], span?.error])).toEqual([
      ['ok', 7, undefined],
      ['error', expect.any(String), 'RangeError: no'],
    ]);
  });

  it('is one for each run of them, and what began anew before its end has no status', async () => {
    const { captures, call } = arm(
      `async function f(items) {
        for (const item of items) {
          await item;
          if (item === 2) continue;
          items.length;
        }
      }`,
      spanFrom(3, 5, { item: 'item' }),
    );
    await Promise.all([call([1, 2, 3]), call([10, 20])]);
    const seen = captures.map(({ span }) => [span?.attributes['item'], span?.status] as const);
    expect(seen.toSorted(([a], [b]) => Number(a) - Number(b))).toEqual([
      [1, 'ok'],
      [2, 'unset'],
      [3, 'ok'],
      [10, 'ok'],
      [20, 'ok'],
    ]);
  });

  it('of the innermost call is none of those around it', () => {
    const { captures, call } = arm(
      `function f(n) {
        n += 1;
        if (n < 3) f(n);
        return n;
      }`,
      spanFrom(2, 4, { n: 'n' }),
    );
    call(0);
    expect(captures.map(({ span }) => span?.attributes['n'])).toEqual([2, 1, 0]);
  });

  it('is in the program’s own tracer, and ended there when the probe is removed meanwhile', async () => {
    const exporter = startTelemetry();
    const { captures, want, call } = arm(
      `async function f(wait) {
        await wait;
        return 1;
      }`,
      spanFrom(2, 3),
    );
    await call();
    expect(exporter.getFinishedSpans()).toMatchObject([{ name: 'f:2-3' }]);
    const wait = latch();
    const done = call(wait.promise);
    want();
    wait.resolve();
    await done;
    expect(exporter.getFinishedSpans()).toHaveLength(2);
    expect(captures).toMatchObject([{ span: { recorder: 'opentelemetry' } }]);
  });
});

describe('a span probe beside OpenTelemetry', () => {
  it('is a child of the active span, in the program’s own tracer, and does not become active', () => {
    const exporter = startTelemetry();
    const { captures, call } = arm(`function f(run) { return run() }`, spanOn('f', { result: '$return' }));
    const tracer = trace.getTracer('program');
    tracer.startActiveSpan('request', (request) => {
      call(() => {
        expect(trace.getActiveSpan()).toBe(request);
        return 5;
      });
      request.end();
    });
    const [ours, request] = exporter.getFinishedSpans();
    expect(ours).toMatchObject({ name: 'the f', attributes: { result: 5, 'code.function.name': 'f' } });
    expect(ours?.parentSpanContext?.spanId).toBe(request?.spanContext().spanId);
    expect(ours?.instrumentationScope.name).toBe('@dormouse/runtime');
    expect(captures).toMatchObject([
      {
        traceId: ours?.spanContext().traceId,
        span: { recorder: 'opentelemetry', ...idsOf(ours), parentSpanId: request?.spanContext().spanId },
      },
    ]);
  });

  it('ends with an error without secrets', () => {
    const exporter = startTelemetry();
    const { call } = arm(F, spanOn('f'));
    expect(() => call(11)).toThrow('too much');
    const message = 'RangeError: too much for [redacted:email]';
    expect(exporter.getFinishedSpans()).toMatchObject([
      {
        status: { code: 2, message },
        events: [{ name: 'exception', attributes: { 'exception.message': message } }],
      },
    ]);
  });

  it('ends the spans of calls in flight when the probe is removed meanwhile', async () => {
    const exporter = startTelemetry();
    const { captures, want, call } = arm('async function f(wait) { await wait }', spanOn('f'));
    let open = (): void => {};
    const done = call(
      new Promise<void>((resolve) => {
        open = resolve;
      }),
    );
    want();
    open();
    await done;
    expect(exporter.getFinishedSpans()).toMatchObject([{ name: 'the f' }]);
    expect(captures).toEqual([]);
  });

  it('is our own where the program does not record its request', () => {
    const exporter = startTelemetry(new AlwaysOffSampler());
    const { captures, call } = arm(F, spanOn('f'));
    trace.getTracer('program').startActiveSpan('request', (request) => {
      call(1);
      const { traceId, spanId } = request.spanContext();
      expect(captures).toMatchObject([{ span: { recorder: 'dormouse', traceId, parentSpanId: spanId } }]);
      request.end();
    });
    expect(exporter.getFinishedSpans()).toEqual([]);
  });

  it('does the program no harm where its tracer throws', () => {
    startTelemetry();
    const { captures, call } = arm(F, spanOn('f'));
    const provider = trace.getTracerProvider();
    const getTracer = provider.getTracer.bind(provider);
    provider.getTracer = () => {
      throw new Error('broken');
    };
    undo.push(() => {
      provider.getTracer = getTracer;
    });
    expect(call(2)).toBe(4);
    expect(captures).toMatchObject([{ span: { recorder: 'dormouse', status: 'ok' } }]);
  });
});

describe('a tag', () => {
  const TAGGED = `function f(order) {\n  return order;\n}`;

  it('is set on the active span for every hit, and shown for the first', () => {
    const exporter = startTelemetry();
    const { captures, probes, call } = arm(
      TAGGED,
      tagAt(
        2,
        { 'order.id': 'order.id', large: 'order.total > 10', mail: 'order.mail' },
        { limits: { hits: 2 } },
      ),
    );
    const tracer = trace.getTracer('program');
    for (let id = 1; id <= 3; id++) {
      tracer.startActiveSpan('request', (span) => {
        call({ id, total: id * 10, mail: 'bob@example.com' });
        span.end();
      });
    }
    expect(exporter.getFinishedSpans().map(({ attributes }) => attributes)).toEqual([
      { 'order.id': 1, large: false, mail: '[redacted:email]' },
      { 'order.id': 2, large: true, mail: '[redacted:email]' },
      { 'order.id': 3, large: true, mail: '[redacted:email]' },
    ]);
    expect(captures.map(({ attributes }) => attributes?.['order.id'])).toEqual([1, 2]);
    expect(captures[0]).toMatchObject(idsOf(exporter.getFinishedSpans()[0]));
    expect(probes.takeReports()).toMatchObject([{ state: 'armed', matched: 3, captured: 2 }]);
  });

  it('counts the hits at which no span was active', () => {
    startTelemetry();
    const { captures, probes, call } = arm(TAGGED, tagAt(2, { id: 'order.id' }));
    call({ id: 1 });
    expect(captures).toEqual([]);
    expect(probes.takeReports()).toMatchObject([{ matched: 1, skipped: { noSpan: 1 } }]);
  });
});

describe('captures beside OpenTelemetry', () => {
  it('carry the active span and its baggage, without a helper', () => {
    startTelemetry();
    const { captures, call } = arm(`function f(n) {\n  return n;\n}`, (woven) => ({
      ...commandAt(woven, 2, { watches: ['$ctx.tenant', '$ctx.traceId.length'] }),
      context: { tenant: 'acme' },
    }));
    const baggage = propagation.createBaggage({ tenant: { value: 'acme' }, session: { value: 'abc' } });
    trace.getTracer('program').startActiveSpan('request', (span) => {
      call(0);
      context.with(propagation.setBaggage(context.active(), baggage), () => call(1));
      span.end();
      expect(captures).toMatchObject([
        {
          ...idsOf(span),
          context: { tenant: 'acme', session: '[redacted:name]' },
          watches: [{ value: { value: 'acme' } }, { value: { value: 32 } }],
        },
      ]);
    });
  });
});

function idsOf(span: { spanContext(): { traceId: string; spanId: string } } | undefined): object {
  const { traceId, spanId } = span!.spanContext();
  return { traceId, spanId };
}
