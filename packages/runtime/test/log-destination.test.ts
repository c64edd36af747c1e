import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Capture, LogDestination, ProbeCommand, ProbeReport } from '@dormouse/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { useLogger } from '../src/logger/index.ts';
import type { LogEntry } from '../src/logger/slot.ts';
import { armScript, type Armed } from './support/armed.ts';
import { commandAt } from './support/commands.ts';
import { startCollector, type TestCollector } from './support/collector.ts';
import {
  nodes,
  run,
  writeProgram,
  type NodeBinary,
  type Outcome,
  type Program,
  type Running,
} from './support/program.ts';
import type { WovenPoints } from './support/woven.ts';

const ORDER = `(function order(id, total) {
  return id + total;
})`;

const logTo =
  (to: LogDestination, template = 'order {id} costs {total}') =>
  (woven: WovenPoints): ProbeCommand => ({
    ...commandAt(woven, 2, { id: 'p1', template }),
    level: 'warn',
    to,
  });

const call = ({ value }: Armed, ...values: unknown[]): unknown =>
  (value as (...values: unknown[]) => unknown)(...values);

const accountOf = (armed: Armed): object => armed.probes.takeReports()[0] as object;

afterEach(() => useLogger(undefined));

describe('a log for the process', () => {
  it('is written by its logger, at once, and counts as captured though nothing goes to the collector', () => {
    const written: LogEntry[] = [];
    useLogger((entry) => written.push(entry));
    const armed = armScript(ORDER, logTo('process'));
    call(armed, 7, 20);
    expect(written).toEqual([
      { level: 'warn', message: 'order 7 costs 20', fields: { 'dormouse.probe': 'p1' } },
    ]);
    expect(armed.captures).toEqual([]);
    expect(accountOf(armed)).toMatchObject({ seen: 1, matched: 1, captured: 1, dropped: {} });
  });

  it.each([
    ['fields and message to who binds fields', { child() {}, bindings() {} }, true],
    ['fields and message to who has streams', { child() {}, streams: [] }, true],
    ['message and fields to anybody else', { child() {}, transports: [] }, false],
  ])('gives %s', (_what, traits, fieldsFirst) => {
    const calls: unknown[][] = [];
    const log = (...values: unknown[]): unknown => calls.push(values);
    useLogger({ ...traits, debug: log, info: log, warn: log, error: log });
    call(armScript(ORDER, logTo('process', '{id} %s')), 7, 20);
    const fields = { 'dormouse.probe': 'p1' };
    expect(calls).toEqual([fieldsFirst ? [fields, '7 %s'] : ['7 %s', fields]]);
  });

  it('goes to both where both are asked for', () => {
    const written: LogEntry[] = [];
    useLogger((entry) => written.push(entry));
    const armed = armScript(ORDER, logTo('both'));
    call(armed, 7, 20);
    expect(written).toHaveLength(1);
    expect(armed.captures).toMatchObject([{ message: 'order 7 costs 20', level: 'warn', hit: 1 }]);
  });

  it('is redacted like one for the collector', () => {
    const written: LogEntry[] = [];
    useLogger((entry) => written.push(entry));
    const armed = armScript(ORDER, logTo('process', 'card {id}'));
    call(armed, '4111 1111 1111 1111', 0);
    expect(written[0]?.message).toBe('card [redacted:card]');
  });

  it('ends with its hits', () => {
    useLogger(() => {});
    const armed = armScript(ORDER, (woven) => {
      const command = logTo('process')(woven);
      return { ...command, limits: { ...command.limits, hits: 2 } };
    });
    for (let round = 0; round < 5; round++) call(armed, round, 0);
    expect(accountOf(armed)).toMatchObject({ state: 'disarmed', cause: 'hitLimit', captured: 2 });
  });

  it.each(['process', 'both'] as const)(
    'to %s whose logger throws reaches neither the program nor the count',
    (to) => {
      useLogger(() => {
        throw new Error('disk full');
      });
      const armed = armScript(ORDER, logTo(to));
      expect(call(armed, 7, 20)).toBe(27);
      expect(accountOf(armed)).toMatchObject({
        state: 'armed',
        captured: to === 'both' ? 1 : 0,
        dropped: { logFailed: 1 },
      });
    },
  );

  it('does not end the process where an async logger fails', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): unknown => unhandled.push(reason);
    process.on('unhandledRejection', note);
    useLogger(async () => {
      throw new Error('later');
    });
    call(armScript(ORDER, logTo('process')), 7, 20);
    await new Promise((resolve) => setTimeout(resolve, 10));
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

  it('does not log for ever where the probe stands in the logger itself', () => {
    const armed = armScript(
      `(() => {
        const lines = [];
        const log = ({ message }) => {
          lines.push(message);
          return lines;
        };
        return { log, lines };
      })()`,
      (woven) => ({ ...commandAt(woven, 4, { template: 'writes {message}' }), to: 'process' }),
    );
    const { log, lines } = armed.value as { log(entry: LogEntry): unknown; lines: string[] };
    useLogger(log);
    log({ level: 'info', message: 'first', fields: { 'dormouse.probe': '' } });
    expect(lines).toEqual(['writes first', 'first']);
    expect(accountOf(armed)).toMatchObject({ seen: 2, captured: 1, skipped: { reentrant: 1 } });
  });
});

const collectors: TestCollector[] = [];
const running: Running[] = [];
afterEach(async () => {
  for (const process of running.splice(0)) process.kill();
  for (const collector of collectors.splice(0)) await collector.kill();
});

const LOGGER = new URL('../dist/logger/index.js', import.meta.url).href;

/** A program that calls `pay` once its probe is armed, with what comes before and after that. */
const payingProgram = (before: string, call: string): Program =>
  writeProgram(`${before}
const name = Reflect.ownKeys(globalThis).find((key) => String(key).startsWith('$dm_'));
const isArmed = () => Object.entries(globalThis[name]).some(([key, field]) => key !== 'w' && typeof field === 'function');
while (!isArmed()) await new Promise((resolve) => setTimeout(resolve, 5));
${call}
await new Promise((resolve) => setTimeout(resolve, 50));

function pay(user, amount) {
  return user + amount;
}
`);

const PAY_LINE = 9;

interface Output extends Outcome {
  readonly captures: readonly Capture[];
  readonly reports: ReadonlyMap<string, ProbeReport>;
}

async function outputOf(node: NodeBinary, before: string, call = `pay('ann %s 100%', 12);`): Promise<Output> {
  const collector = await startCollector();
  collectors.push(collector);
  const program = payingProgram(before, call);
  const command = commandAt(program.woven, PAY_LINE, { id: 'p1', template: '{user} pays {amount}' });
  collector.want({ ...command, to: 'process' });
  const started = run(program, { node, url: collector.url });
  running.push(started);
  const outcome = await started.outcome;
  return { ...outcome, captures: collector.captures, reports: collector.reports };
}

describe.each(nodes)('in a process of Node $version', (node) => {
  it('is a line of JSON on stdout, whoever patched the console or the stream', async () => {
    const before = `console.log = console.info = process.stdout.write = () => { throw new Error('patched'); }; Object.prototype.toJSON = () => 'mine';`;
    const { stdout, captures, code } = await outputOf(node, before);
    const line = JSON.parse(stdout) as Record<string, unknown>;
    expect(line).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as unknown,
      level: 'info',
      message: 'ann %s 100% pays 12',
      'dormouse.probe': 'p1',
    });
    expect({ captures, code }).toEqual({ captures: [], code: 0 });
  });

  it('is a line of real pino, with the trace that it belongs to', async () => {
    const before = [
      `import { createRequire } from 'node:module';`,
      `import { useLogger } from '${LOGGER}';`,
      `import { requestContext } from '${LOGGER.replace('logger/index', 'context/express')}';`,
      `useLogger(createRequire('${import.meta.filename}')('pino')());`,
      `const headers = { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' };`,
    ].join(' ');
    const { stdout } = await outputOf(
      node,
      before,
      `requestContext()({ headers }, {}, () => pay('ann', 12));`,
    );
    expect(JSON.parse(stdout)).toMatchObject({
      level: 30,
      msg: 'ann pays 12',
      'dormouse.probe': 'p1',
      trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
      span_id: '00f067aa0ba902b7',
    });
  });

  it('is counted as lost where nobody reads stdout any more, and the process lives on', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'dormouse-pipe-'));
    const unread = path.join(folder, 'node');
    writeFileSync(unread, `#!/bin/sh\n"${node.path}" "$@" | true\n`, { mode: 0o755 });
    const { stderr, reports } = await outputOf(
      { ...node, path: unread },
      '',
      `for (let n = 0; n < 3; n++) pay('ann', n); console.error('alive');`,
    );
    rmSync(folder, { recursive: true });
    expect(stderr).toBe('alive\n');
    expect(reports.get('p1')).toMatchObject({ captured: 0, dropped: { logFailed: 3 } });
  });

  it('is a line of the console where that is the logger', async () => {
    const { stdout } = await outputOf(node, `import { useLogger } from '${LOGGER}'; useLogger(console);`);
    expect(stdout).toBe("ann %s 100% pays 12 { 'dormouse.probe': 'p1' }\n");
  });
});
