import { setTimeout as pause } from 'node:timers/promises';
import { DEFAULT_PROCESS_LIMITS, LIMITS, SWITCH_PREFIX } from '@dormouse/protocol';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { commandAt } from './support/commands.ts';
import { startCollector, TOKEN, type TestCollector, type TestCollectorOptions } from './support/collector.ts';
import { runWoven, type WovenScript } from './support/woven.ts';

/** What takes minutes: the runtime takes its timers when it is loaded, so here it gets ones that can be wound on. */
vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] });
const { start, stop } = await import('../src/index.ts');
await import('../src/agent/agent.ts');
afterAll(() => void vi.useRealTimers());

const BEAT_MS = LIMITS.heartbeatMs / 3;

/** Winds the clock on in steps, with real time in between for what crosses the wire. */
async function wind(ms: number, step = BEAT_MS): Promise<void> {
  for (let passed = 0; passed < ms; passed += step) {
    vi.advanceTimersByTime(Math.min(step, ms - passed));
    await pause(10);
  }
}

const collectors: TestCollector[] = [];
afterEach(async () => {
  stop();
  for (const collector of collectors.splice(0)) await collector.kill();
});

async function collect(options?: TestCollectorOptions): Promise<TestCollector> {
  const collector = await startCollector(options);
  collectors.push(collector);
  return collector;
}

const begin = ({ url }: TestCollector): boolean => start({ url, token: TOKEN, service: 'trades' });

describe('the heartbeat', () => {
  it('keeps a connection to a collector that says nothing but answers', async () => {
    const collector = await collect();
    begin(collector);
    await collector.until(() => collector.hello() !== undefined);
    await wind(6 * LIMITS.heartbeatMs);
    expect(collector.connections.map((connection) => connection.readyState)).toEqual([1]);
  });

  it('gives up a connection to a collector that hangs, and opens another', async () => {
    const collector = await collect();
    begin(collector);
    await collector.until(() => collector.hello() !== undefined);
    await pause(20);
    collector.connections[0]?.pause();
    await wind(LIMITS.heartbeatMs + BEAT_MS);
    await wind(LIMITS.reconnectMinMs);
    await collector.until(() => collector.connections.length === 2);
  });

  it('gives up a connection whose hello is not answered', async () => {
    const collector = await collect({ welcomes: false });
    begin(collector);
    await collector.until(() => collector.hello() !== undefined);
    await wind(LIMITS.heartbeatMs + BEAT_MS);
    await wind(LIMITS.reconnectMinMs);
    await collector.until(() => collector.connections.length === 2);
  });
});

describe('without a collector', () => {
  const isArmed = (woven: WovenScript): boolean => {
    const fields = (globalThis as unknown as Record<string, object>)[SWITCH_PREFIX + woven.file.id] as object;
    return Object.entries(fields).some(([key, field]) => key !== 'w' && typeof field === 'function');
  };

  it('attempts become rarer, and probes are disarmed after some minutes and armed again when it is back', async () => {
    const first = await collect();
    const woven = runWoven('(a, b) => {\n  return a + b;\n}');
    const add = woven.value as (a: number, b: number) => number;
    const probe = commandAt(woven, 2);
    begin(first);
    first.want(probe);
    await first.until(() => first.hello() !== undefined);
    await wind(LIMITS.flushMs, LIMITS.flushMs);
    await first.until(() => first.reports.get(probe.id)?.state === 'armed');
    add(1, 2);
    await first.kill();
    await pause(20);

    await wind(DEFAULT_PROCESS_LIMITS.orphanMs - 1_000, 1_000);
    expect(isArmed(woven)).toBe(true);
    await wind(2_000, 1_000);
    expect(isArmed(woven)).toBe(false);
    add(3, 4);

    const second = await collect({ port: first.port });
    second.want(probe);
    await wind(LIMITS.reconnectMaxMs, 1_000);
    await second.until(() => second.reports.get(probe.id)?.state === 'armed');
    expect(isArmed(woven)).toBe(true);
    add(5, 6);
    await wind(LIMITS.flushMs, LIMITS.flushMs);
    await second.until(() => second.captures.length === 2);
    expect(second.captures.map((capture) => capture.hit)).toEqual([1, 2]);
    // The clock that spaces reports is the real one.
    await pause(LIMITS.statusMs);
    await wind(LIMITS.flushMs, LIMITS.flushMs);
    await second.until(() => second.reports.get(probe.id)?.captured === 2);
    expect(second.reports.get(probe.id)).toMatchObject({ seen: 2, matched: 2, captured: 2 });
  });
});
