import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  MANIFEST_FILE,
  type Manifest,
  type Pause,
  type PolicyMessage,
  type PolicyReport,
  type ProbeCommand,
  type ProbeReport,
} from '@dormouse/protocol';
import { describe, expect, it } from 'vitest';
import type { TestCollector } from './support/collector.ts';
import type { CommandOptions } from './support/commands.ts';
import { armedFirst, collect, launch, PRICE, priceProbe } from './support/processes.ts';
import { nodes, writeProgram, type Running } from './support/program.ts';

/** What protects a process, in processes: each limit is met by woven code that runs, and told at the collector. */

const node = nodes.at(-1) as (typeof nodes)[number];
const FREQUENT: CommandOptions = { limits: { hits: 100_000, hitsPerSecond: 5_000 } };
/** The machine is busy with other tests. */
const PATIENT = { DORMOUSE_MAX_CPU: '100', DORMOUSE_MAX_DELAY: '0' };

const NOTHING: PolicyMessage = { type: 'policy', revision: 1, killed: false, deny: [] };

interface Scene {
  readonly collector: TestCollector;
  readonly probes: readonly ProbeCommand[];
  readonly running: Running;
  report(index?: number): ProbeReport | undefined;
  /** Waits until a probe is so. */
  until(holds: (report: ProbeReport) => boolean, index?: number): Promise<void>;
}

/** A process with probes on one line. @param body what it does once they are armed */
async function play(
  body: string,
  env: Readonly<Record<string, string>>,
  ...options: readonly CommandOptions[]
): Promise<Scene> {
  const collector = await collect();
  const program = armedFirst(body);
  const probes = options.map((each) => priceProbe(program, each));
  collector.want(...probes);
  const running = launch(program, { node, url: collector.url, env: { ...PATIENT, ...env } });
  const report = (index = 0): ProbeReport | undefined => collector.reports.get(probes[index]?.id ?? '');
  return {
    collector,
    probes,
    running,
    report,
    until: (holds, index) =>
      collector.until(() => {
        const latest = report(index);
        return latest !== undefined && holds(latest);
      }, 20_000),
  };
}

/** What the process said last of itself. */
const saysOfPolicy = ({ messages }: TestCollector): PolicyReport | undefined =>
  messages.findLast((message) => message.type === 'status')?.policy;
const pauses = ({ messages }: TestCollector): readonly (Pause | undefined)[] =>
  messages.filter((message) => message.type === 'status').map(({ pause }) => pause);

/** What a rate allows since a moment, ms: what had gathered by then, a second's worth, and what has been added since. */
const atMost = (perSecond: number, since: number): number => perSecond * (1 + (Date.now() - since) / 1_000);

/** Whenever they arrived. */
const capturedSince = ({ captures }: TestCollector, since: number): number =>
  captures.filter(({ at }) => at > since).length;

const KEEP_GOING = 'setInterval(() => price(2, 3), 10);';
const BURSTS = `setInterval(() => {
  for (let n = 0; n < 50; n++) price(n, 1);
}, 100);`;
/** A hundred thousand bytes at each hit, ten times a second. */
const HEAVY = `const texts = Array.from({ length: 100 }, () => 'x'.repeat(1_000));
setInterval(() => price(1, texts), 100);`;
/** Hits that take much of a thread which does little else. */
const SLOW = `const wide = Array.from({ length: 300 }, (_, n) => ({ n, text: 'x'.repeat(50), more: { a: 1, b: [1, 2, 3] } }));
const burst = setInterval(() => price(2, wide), 5);
setTimeout(() => clearInterval(burst), 1_200);
setInterval(() => {}, 1_000);`;
const WIDE: CommandOptions = { ...FREQUENT, capture: { items: 300, nodes: 10_000, timeMs: 15 } };

describe('a probe', () => {
  it('takes so many hits a second, and ends at its hits or its time', async () => {
    const startedAt = Date.now();
    const { until, report } = await play(
      BURSTS,
      {},
      { limits: { hits: 1_000, hitsPerSecond: 5 } },
      { limits: { hits: 7, hitsPerSecond: 5_000 } },
      { limits: { hits: 1_000, hitsPerSecond: 1, expiresInMs: 700 } },
    );
    await Promise.all([
      until(({ skipped }) => (skipped.rateLimitProbe ?? 0) > 100),
      until(({ cause }) => cause === 'hitLimit', 1),
      until(({ cause }) => cause === 'expired', 2),
    ]);
    expect(report()?.captured).toBeLessThanOrEqual(atMost(5, startedAt));
    expect(report(1)?.captured).toBe(7);
  });

  it('takes at most half of the bytes a second, and leaves the others theirs', async () => {
    const { until, report } = await play(HEAVY, { DORMOUSE_MAX_BYTES: '600000' }, FREQUENT, {
      ...FREQUENT,
      condition: 'total > 1e9',
    });
    await until(({ dropped }) => (dropped.rateLimitBytesProbe ?? 0) > 3);
    expect(report()?.dropped).not.toHaveProperty('rateLimitBytes');
  });

  it('takes at most half of the time, rests alone, says until when, and goes on', async () => {
    const { until, report, collector } = await play(SLOW, { DORMOUSE_MAX_CPU: '2' }, WIDE, {
      ...FREQUENT,
      condition: 'quantity > 2',
    });
    await until(({ pause }) => pause?.cause === 'probeCpuBudget');
    const { since = 0, until: end = 0 } = report()?.pause ?? {};
    expect(end - since).toBe(1_000);
    expect(report(1)?.pause).toBeUndefined();
    await until(
      ({ pause, state, skipped }) => pause === undefined && state === 'armed' && (skipped.paused ?? 0) > 0,
    );
    expect(report(1)?.skipped.paused).toBeUndefined();
    expect(pauses(collector).every((pause) => pause === undefined)).toBe(true);
  });
});

describe('a process', () => {
  it('takes so many hits a second from all probes together, as it says itself', async () => {
    const startedAt = Date.now();
    const { until, report } = await play(BURSTS, { DORMOUSE_MAX_HITS: '5' }, FREQUENT, FREQUENT);
    await until(({ skipped }) => (skipped.rateLimitProcess ?? 0) > 100);
    const captured = (report(0)?.captured ?? 0) + (report(1)?.captured ?? 0);
    expect(captured).toBeLessThanOrEqual(atMost(5, startedAt));
  });

  it('takes so many bytes a second from all probes together', async () => {
    const { until } = await play(HEAVY, { DORMOUSE_MAX_BYTES: '600000' }, FREQUENT, FREQUENT, FREQUENT);
    const drops = [0, 1, 2].map((index) => until(({ dropped }) => (dropped.rateLimitBytes ?? 0) > 0, index));
    await Promise.any(drops);
    for (const drop of drops) drop.catch(() => {});
  });

  it('rests all probes when they take more of its time than they may, and goes on', async () => {
    const many = Array.from({ length: 6 }, () => WIDE);
    const { until, collector } = await play(SLOW, { DORMOUSE_MAX_CPU: '1' }, ...many);
    await until(({ pause }) => pause?.cause === 'cpuBudget');
    expect(pauses(collector)).toContainEqual(expect.objectContaining({ cause: 'cpuBudget' }));
    await until(({ pause, state }) => pause === undefined && state === 'armed');
    await collector.until(() => pauses(collector).at(-1) === undefined);
  });

  it('rests all probes while its event loop is late, and goes on', async () => {
    const { until, report } = await play(
      `const late = setInterval(() => {
  price(1, 2);
  for (const since = Date.now(); Date.now() - since < 150; );
}, 1);
setTimeout(() => clearInterval(late), 2_500);
setInterval(() => {}, 1_000);`,
      { DORMOUSE_MAX_DELAY: '30' },
      FREQUENT,
    );
    await until(({ pause }) => pause?.cause === 'eventLoopDelay');
    await until(({ pause, state }) => pause === undefined && state === 'armed');
    expect(report()?.skipped.paused).toBeGreaterThan(0);
  });

  it('sends so much in its life and no more, whatever probes come', async () => {
    const { until, collector, probes, report } = await play(
      KEEP_GOING,
      { DORMOUSE_MAX_TOTAL_HITS: '5' },
      FREQUENT,
    );
    await until(({ cause }) => cause === 'lifetimeLimit');
    expect(report()?.message).toMatch(/DORMOUSE_MAX_TOTAL_HITS/);
    const [first] = probes as [ProbeCommand];
    collector.want(first, { ...first, id: 'late' });
    await collector.until(() => collector.reports.get('late')?.cause === 'lifetimeLimit');
    expect(collector.captures).toHaveLength(5);

    const bytes = await play(KEEP_GOING, { DORMOUSE_MAX_TOTAL_BYTES: '2000' }, FREQUENT);
    await bytes.until(({ cause }) => cause === 'lifetimeLimit');
  });

  it('disarms all probes when it has been alone for so long, and arms them again when the collector is back', async () => {
    const { until, collector } = await play(
      'setInterval(() => price(2, 3), 20);',
      { DORMOUSE_MAX_ALONE: '0.3' },
      FREQUENT,
    );
    await until(({ captured }) => captured > 0);
    await collector.kill();
    await new Promise((resolve) => setTimeout(resolve, 700));
    const restarted = Date.now();
    await collector.restart();
    await until(({ state }) => state === 'armed');
    // What was captured before it was disarmed comes late.
    await collector.until(() => collector.captures.some(({ at }) => at > restarted));
    const times = collector.captures.map(({ at }) => at);
    const pause = Math.max(...times.slice(1).map((at, index) => at - times[index]!));
    expect(pause).toBeGreaterThan(300);
  });
});

describe('a policy', () => {
  it('lowers the limits of a process for armed probes at once, never raises them, and is acknowledged', async () => {
    const { until, collector } = await play(BURSTS, { DORMOUSE_MAX_HITS: '50' }, FREQUENT);
    await until(({ captured }) => captured > 20);
    collector.send({ ...NOTHING, revision: 4, limits: { hitsPerSecond: 1 } });
    await collector.until(() => saysOfPolicy(collector)?.revision === 4);
    const loweredAt = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(capturedSince(collector, loweredAt)).toBeLessThanOrEqual(atMost(1, loweredAt));

    collector.send({ ...NOTHING, revision: 5, limits: { hitsPerSecond: 5_000 } });
    await collector.until(() => saysOfPolicy(collector)?.revision === 5);
    const raisedAt = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(capturedSince(collector, raisedAt)).toBeLessThanOrEqual(atMost(50, raisedAt));
  });

  it('ends the life of what a process may send, and gives it back', async () => {
    const { until, collector } = await play(KEEP_GOING, {}, FREQUENT);
    await until(({ captured }) => captured > 3);
    collector.send({ ...NOTHING, limits: { lifetimeHits: 3 } });
    await until(({ cause }) => cause === 'lifetimeLimit');
    collector.send({ ...NOTHING, revision: 2 });
    await until(({ state }) => state === 'armed');
  });

  it('switches off with a reason, for as long as it lasts, and denies', async () => {
    const { until, report, collector } = await play(KEEP_GOING, {}, FREQUENT);
    await until(({ captured }) => captured > 0);
    collector.send({ ...NOTHING, killed: true, reason: 'an incident', deny: ['#price'] });
    await until(({ cause }) => cause === 'killSwitch');
    expect(report()?.message).toBe('The collector’s kill switch is on: an incident');
    const switchedOffAt = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(capturedSince(collector, switchedOffAt)).toBe(0);
    collector.send({ ...NOTHING, revision: 2, deny: ['#price'] });
    await until(({ cause }) => cause === 'denied');
    collector.send({ ...NOTHING, revision: 3 });
    await until(({ state }) => state === 'armed');
  });

  it('that is not understood lets nothing be probed, and says so', async () => {
    const { until, collector } = await play(KEEP_GOING, {}, FREQUENT);
    await until(({ state }) => state === 'armed');
    collector.send({ ...NOTHING, revision: 8, redaction: { names: 'all' } as never });
    await until(({ cause }) => cause === 'denied');
    expect(saysOfPolicy(collector)).toMatchObject({
      revision: 8,
      problem: expect.stringContaining('redaction rules are not valid') as string,
    });
  });
});

describe('woven files that are not in the manifest', () => {
  it('are named where somebody asks', async () => {
    const collector = await collect();
    const program = writeProgram(`${PRICE}console.log(price(2, 3));\n`);
    const manifest = path.join(path.dirname(program.script), MANIFEST_FILE);
    const build = JSON.parse(readFileSync(manifest, 'utf8')) as Manifest;
    writeFileSync(
      manifest,
      JSON.stringify({ ...build, files: build.files.map((file) => ({ ...file, id: 'f'.repeat(12) })) }),
    );
    const outcomes = ['1', '0'].map(
      (DORMOUSE_DEBUG) => launch(program, { node, url: collector.url, env: { DORMOUSE_DEBUG } }).outcome,
    );
    const [asked, silent] = await Promise.all(outcomes);
    const { id } = program.woven.file;
    expect(asked?.stderr).toMatch(
      new RegExp(
        `^dormouse: the woven file with \\$dm_${id} is not in \\S+${MANIFEST_FILE}, so it cannot be probed: `,
        'm',
      ),
    );
    expect(silent).toMatchObject({ code: 0, stdout: '6\n', stderr: '' });
  });
});
