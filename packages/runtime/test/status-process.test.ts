import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  DEFAULT_TAG_LIMITS,
  type DisarmCause,
  type DropReason,
  type ProbeCommand,
  type ProbeReport,
  type SkipReason,
} from '@dormouse/protocol';
import { parseExpression } from '@dormouse/expression/parse';
import { describe, expect, it } from 'vitest';
import type { TestCollector, TestCollectorOptions } from './support/collector.ts';
import { commandAt, type CommandOptions } from './support/commands.ts';
import { armedFirst, collect, launch, PRICE, priceProbe } from './support/processes.ts';
import { nodes, writeProgram, type Program } from './support/program.ts';

/** What can become of a probe and of its hits: each made to happen in a process of its own, and read at the collector. */

const node = nodes.at(-1) as (typeof nodes)[number];
const FREQUENT: CommandOptions = { limits: { hits: 100_000, hitsPerSecond: 5_000 } };
/** The machine is busy with other tests. */
const PATIENCE_MS = 40_000;
const PATIENT = { DORMOUSE_MAX_CPU: '100', DORMOUSE_MAX_DELAY: '0' };

/** How something is made to happen to one probe. */
interface Scenario {
  /** What the program does once the probe is armed; or the program. */
  readonly program: string | Program;
  readonly options?: CommandOptions;
  /** Others like it, at the same line and hit before it. */
  readonly others?: number;
  /** What the collector makes of the command. */
  readonly command?: (plain: ProbeCommand, program: Program) => object;
  readonly env?: Readonly<Record<string, string>>;
  readonly collector?: TestCollectorOptions;
  /** What the collector does once the process has said where the probe stands. */
  readonly drive?: (collector: TestCollector) => void | Promise<void>;
}

/** Runs it until the report is as it should be. @returns the report */
async function play(
  { program: source, options = FREQUENT, command = (plain) => plain, env = {}, drive, ...scenario }: Scenario,
  isThere: (report: ProbeReport) => boolean,
): Promise<ProbeReport> {
  const collector = await collect(scenario.collector);
  const program = typeof source === 'string' ? armedFirst(source) : source;
  const probe = command(priceProbe(program, options), program) as ProbeCommand;
  const others = Array.from({ length: scenario.others ?? 0 }, () => priceProbe(program, options));
  collector.want(...others, probe);
  const running = launch(program, { node, url: collector.url, env: { ...PATIENT, ...env } });
  const report = (): ProbeReport | undefined => collector.reports.get(probe.id);
  if (drive !== undefined) {
    await collector.until(() => report() !== undefined, PATIENCE_MS);
    await drive(collector);
  }
  await collector.until(() => {
    const latest = report();
    return latest !== undefined && isThere(latest);
  }, PATIENCE_MS);
  running.kill();
  return report() as ProbeReport;
}

const KEEP_GOING = 'setInterval(() => price(2, 3), 10);';
const NO_PROBE_YET = writeProgram(`${PRICE}setInterval(() => price(2, 3), 10);\n`);
const moduleUrl = (relative: string): string =>
  pathToFileURL(fileURLToPath(new URL(relative, import.meta.url))).href;

const CONTEXT = `const { withContext } = await import('${moduleUrl('../dist/context/index.js')}');
`;

/** From one line of `price` to the one before it, within a request. */
const TICTOC: CommandOptions = { metric: { kind: 'tictoc' } };
const untilTotal = (plain: ProbeCommand, { woven }: Program): object => ({
  ...plain,
  until: commandAt(woven, 2).place,
  within: 'request',
});

const SKIPS: Readonly<Record<SkipReason, Scenario>> = {
  context: {
    program: `${CONTEXT}setInterval(() => withContext({ user: '8' }, () => price(2, 3)), 10);`,
    command: (plain) => ({ ...plain, context: { user: '7' } }),
  },
  condition: { program: KEEP_GOING, options: { condition: 'total > 6' } },
  conditionError: { program: KEEP_GOING, options: { condition: 'quantity.units.length > 1' } },
  rateLimitProbe: { program: KEEP_GOING, options: { limits: { hitsPerSecond: 1 } } },
  rateLimitProcess: {
    program: 'setInterval(() => {\n  for (let n = 0; n < 2_000; n++) price(n, 1);\n}, 100);',
    options: { ...FREQUENT, template: '{total}' },
  },
  reentrant: {
    // The program's own code that a hit calls: its context manager.
    program: `const { context, ROOT_CONTEXT } = await import('${import.meta.resolve('@opentelemetry/api')}');
context.setGlobalContextManager({ active: () => (price(1, 1), ROOT_CONTEXT), enable() {}, disable() {}, bind() {}, with() {} });
${KEEP_GOING}`,
  },
  paused: {
    program:
      'const wide = Array.from({ length: 100 }, () => [1, 2, 3]);\nsetInterval(() => price(1, wide), 1);',
    env: { DORMOUSE_MAX_CPU: '0.01' },
  },
  noSpan: {
    program: KEEP_GOING,
    command: (plain) => ({
      ...plain,
      kind: 'tag',
      attributes: [{ name: 'total', expression: parseExpression('total') }],
      limits: DEFAULT_TAG_LIMITS,
    }),
  },
  noRequest: { program: KEEP_GOING, options: TICTOC, command: untilTotal },
  tooManyOpen: {
    // The toc is the line before the tic, so that each request waits for one.
    program: `${CONTEXT}for (let user = 0; user < 1_100; user++) withContext({ user }, () => price(2, 3));
setInterval(() => {}, 1_000);`,
    options: TICTOC,
    command: untilTotal,
  },
};

const MANY_BYTES = "const text = 'x'.repeat(1_000);\nsetInterval(() => price(1, text), 5);";
const FEW_BYTES = { DORMOUSE_MAX_BYTES: '10000' };

/** Those that find no room are in a test of their own. */
const DROPS: Readonly<Record<Exclude<DropReason, 'queueFull' | 'disconnected'>, Scenario>> = {
  rateLimitBytesProbe: { program: MANY_BYTES, env: FEW_BYTES },
  rateLimitBytes: { program: MANY_BYTES, env: FEW_BYTES, others: 2 },
  lifetimeLimit: {
    program: 'for (let n = 0; n < 5; n++) price(n, 1);\nsetInterval(() => {}, 1_000);',
    env: { DORMOUSE_MAX_TOTAL_HITS: '3' },
  },
  logFailed: {
    program: `const { useLogger } = await import('${moduleUrl('../dist/logger/index.js')}');
useLogger(() => { throw new Error('mine'); });
${KEEP_GOING}`,
    options: { ...FREQUENT, template: '{total}' },
    command: (plain) => ({ ...plain, to: 'both' }),
  },
  payloadTooLarge: {
    program: `const texts = Array.from({ length: 1_400 }, () => '\u4e2d'.repeat(256));
setInterval(() => price(1, texts), 100);`,
    // A size is exact only where a capture has more than values.
    options: { ...FREQUENT, watches: ['quantity'], capture: { items: 10_000, nodes: 50_000, timeMs: 15 } },
  },
  encodeError: {
    program: `const { utf8Write } = Buffer.prototype;
Buffer.prototype.utf8Write = () => { throw new Error('mine'); };
price('x'.repeat(500), 1);
setTimeout(() => { Buffer.prototype.utf8Write = utf8Write; }, 300);
setInterval(() => {}, 1_000);`,
  },
};

/** 40 MB at once and then 4 MB a second, hardly less when they are compressed. */
const NOISE = `const { randomBytes } = await import('node:crypto');
const noise = Array.from({ length: 100 }, () => Array.from({ length: 50 }, () => randomBytes(600).toString('base64')));
for (let n = 0; n < 10; n++) noise.forEach((texts) => price(1, texts));
setInterval(() => noise.slice(0, 10).forEach((texts) => price(1, texts)), 100);`;

const CAUSES: Readonly<Record<DisarmCause, Scenario>> = {
  removed: { program: KEEP_GOING, drive: (collector) => collector.want() },
  expired: { program: KEEP_GOING, options: { limits: { hits: 1_000, expiresInMs: 300 } } },
  hitLimit: { program: KEEP_GOING, options: { limits: { hits: 2 } } },
  verdict: { program: KEEP_GOING, options: { expect: 'total > 0', verdict: { afterHits: 3 } } },
  error: {
    program: NO_PROBE_YET,
    command: (plain) => ({ ...plain, place: { ...plain.place, functionIndex: 60 } }),
  },
  killSwitch: {
    program: KEEP_GOING,
    drive: (collector) => collector.send({ type: 'policy', revision: 1, killed: true, deny: [] }),
  },
  collectorLost: {
    program: KEEP_GOING,
    env: { DORMOUSE_MAX_ALONE: '0.3' },
    drive: async (collector) => {
      await collector.kill();
      collector.want();
      await new Promise((resolve) => setTimeout(resolve, 600));
      await collector.restart();
    },
  },
  unknownFile: {
    program: NO_PROBE_YET,
    command: (plain) => ({ ...plain, place: { ...plain.place, file: 'ffffffffffff' } }),
  },
  contractMismatch: {
    program:
      writeProgram(`${PRICE}globalThis[Symbol.for('dormouse.woven')].push({ contract: 99, file: 'eeeeeeeeeeee', functions: 1 });
setInterval(() => {}, 1_000);
`),
    command: (plain) => ({ ...plain, place: { ...plain.place, file: 'eeeeeeeeeeee' } }),
  },
  denied: { program: NO_PROBE_YET, env: { DORMOUSE_DENY: '#price' } },
  lifetimeLimit: { program: KEEP_GOING, env: { DORMOUSE_MAX_TOTAL_HITS: '3' } },
  invalid: { program: NO_PROBE_YET, command: ({ id }) => ({ id, kind: 'snapshot' }) },
};

/** Plays some at once: most of their time they wait. */
async function playAll<Reason extends string>(
  scenarios: Readonly<Record<Reason, Scenario>>,
  isThere: (report: ProbeReport, reason: Reason) => boolean,
): Promise<ReadonlyMap<Reason, ProbeReport>> {
  const reports = new Map<Reason, ProbeReport>();
  const left = Object.entries(scenarios) as [Reason, Scenario][];
  const playNext = async (): Promise<void> => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const [reason, scenario] = next;
      try {
        reports.set(reason, await play(scenario, (report) => isThere(report, reason)));
      } catch (error) {
        throw new Error(`${reason}: ${String(error)}`, { cause: error });
      }
    }
  };
  await Promise.all([playNext(), playNext(), playNext(), playNext()]);
  return reports;
}

describe('the collector is told', { timeout: 60_000 }, () => {
  it('of hits that are skipped, for every reason there is', async () => {
    const reports = await playAll(SKIPS, ({ skipped }, reason) => (skipped[reason] ?? 0) > 0);
    for (const { state, seen, matched, captured, skipped } of reports.values()) {
      expect(state).toBe('armed');
      const {
        rateLimitProbe = 0,
        rateLimitProcess = 0,
        noSpan = 0,
        noRequest = 0,
        tooManyOpen = 0,
        ...unmatched
      } = skipped;
      const others = Object.values(unmatched).reduce((sum, count) => sum + count, 0);
      expect(seen).toBe(matched + others);
      const held = rateLimitProbe + rateLimitProcess + noSpan + noRequest + tooManyOpen;
      expect(matched).toBeGreaterThanOrEqual(captured + held);
    }
  });

  it('of captures that are dropped, for every reason there is', async () => {
    const reports = await playAll(DROPS, ({ dropped }, reason) => (dropped[reason] ?? 0) > 0);
    for (const [reason, { dropped, matched }] of reports) {
      expect(dropped[reason]).toBeLessThanOrEqual(matched);
    }
  });

  it('of probes that are disarmed, with every cause there is', async () => {
    const reports = await playAll(CAUSES, ({ state }) => state === 'disarmed');
    for (const [cause, report] of reports) expect(report.cause).toBe(cause);
  });

  it('of a probe that goes from received through armed, seen, matched, captured and incomplete to disarmed', async () => {
    const program = writeProgram(`${PRICE}setInterval(() => price(2, 'a text'), 10);\n`);
    const directory = path.dirname(program.script);
    const script = path.join(directory, 'start.mjs');
    const sign = path.join(directory, 'sign');
    writeFileSync(
      script,
      `import { existsSync } from 'node:fs';
while (!existsSync('${sign}')) await new Promise((resolve) => setTimeout(resolve, 10));
await import('./main.mjs');
`,
    );
    const states: string[] = [];
    const report = await play(
      {
        program: { ...program, script },
        options: { limits: { hits: 3, hitsPerSecond: 100 }, capture: { stringLength: 2 } },
        drive: () => writeFileSync(sign, ''),
      },
      ({ state }) => {
        if (states.at(-1) !== state) states.push(state);
        return state === 'disarmed';
      },
    );
    expect(states).toEqual(['received', 'armed', 'disarmed']);
    expect(report).toMatchObject({ cause: 'hitLimit', seen: 3, matched: 3, captured: 3, incomplete: 3 });
    rmSync(sign);
  });

  it('where probes stand while captures find no room, and later of those that found none', async () => {
    const collector = await collect({ stores: false });
    const program = armedFirst(NOISE);
    const first = priceProbe(program, FREQUENT);
    collector.want(first);
    launch(program, { node, url: collector.url, env: { ...PATIENT, DORMOUSE_MAX_BYTES: '1000000000' } });
    const drops = (): ProbeReport['dropped'] => collector.reports.get(first.id)?.dropped ?? {};
    await collector.until(() => (drops().queueFull ?? 0) > 0, PATIENCE_MS);
    // Status has a way of its own: behind the captures, which nobody acknowledges, it would wait for ever.
    const second = priceProbe(program, { condition: 'total === 0' });
    collector.want(first, second);
    await collector.until(() => collector.reports.get(second.id)?.state === 'armed');
    await collector.kill();
    await new Promise((resolve) => setTimeout(resolve, 300));
    await collector.restart();
    await collector.until(() => (drops().disconnected ?? 0) > 0, PATIENCE_MS);
  });

  it('where probes stand, within seconds, though it reads captures more slowly than they are made', async () => {
    const collector = await collect();
    const program = armedFirst(NOISE);
    const first = priceProbe(program, FREQUENT);
    collector.want(first);
    launch(program, { node, url: collector.url, env: { ...PATIENT, DORMOUSE_MAX_BYTES: '1000000000' } });
    await collector.until(() => collector.connections.length === 1);
    const [connection] = collector.connections;
    connection?.on('message', () => {
      connection.pause();
      setTimeout(() => connection.resume(), 40);
    });
    await collector.until(() => (collector.reports.get(first.id)?.dropped.queueFull ?? 0) > 0, PATIENCE_MS);
    const second = priceProbe(program, { condition: 'total === 0' });
    collector.want(first, second);
    await collector.until(() => collector.reports.get(second.id)?.state === 'armed', 5_000);
  });
});
