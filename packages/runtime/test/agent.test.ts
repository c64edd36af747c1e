import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  CONTRACT_VERSION,
  LIMITS,
  MANIFEST_FILE,
  MANIFEST_VERSION,
  PROTOCOL_VERSION,
  type Manifest,
} from '@dormouse/protocol';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { start, stop, type StartOptions } from '../src/index.ts';
import { commandAt } from './support/commands.ts';
import {
  batches,
  startCollector,
  TOKEN,
  type TestCollector,
  type TestCollectorOptions,
} from './support/collector.ts';
import { runWoven } from './support/woven.ts';

const ADD = '(function add(a, b) {\n  const sum = a + b;\n  return sum;\n})';
const EMPTY_MANIFEST: Manifest = {
  manifest: MANIFEST_VERSION,
  contract: CONTRACT_VERSION,
  weaver: 'test',
  buildId: '',
  files: [],
  skipped: [],
};
type Add = (a: number, b: number) => number;

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

function begin(collector: TestCollector, options: StartOptions = {}): void {
  expect(start({ url: collector.url, token: TOKEN, service: 'trades', ...options })).toBe(true);
}

describe('the agent', () => {
  it('says who it is', async () => {
    const collector = await collect();
    begin(collector, { version: '1.2.3', tags: { region: 'eu' } });
    await collector.until(() => collector.hello() !== undefined);
    expect(collector.hello()).toMatchObject({
      protocol: PROTOCOL_VERSION,
      contract: CONTRACT_VERSION,
      agent: {
        instance: expect.stringMatching(/^[0-9a-f]{16}$/),
        service: 'trades',
        version: '1.2.3',
        host: os.hostname(),
        pid: process.pid,
        node: process.versions.node,
        runtime: '0.1.0',
        tags: { region: 'eu' },
      },
    });
  });

  it('arms a probe, sends its evidence and reports where it stands', async () => {
    const collector = await collect();
    const woven = runWoven(ADD);
    begin(collector);
    await collector.until(() => collector.hello() !== undefined);
    const snapshot = commandAt(woven, 3, { condition: 'sum > 10', watches: ['sum * 2'] });
    const log = commandAt(woven, 3, { template: '{a} and {b}' });
    collector.want(snapshot, log);
    await collector.until(() => collector.reports.get(log.id)?.state === 'armed');
    const add = woven.value as Add;
    expect([add(1, 2), add(10, 20)]).toEqual([3, 30]);
    await collector.until(() => collector.captures.length === 3);
    expect(collector.captures.map(({ probe, message }) => [probe, message])).toEqual([
      [log.id, '1 and 2'],
      [snapshot.id, undefined],
      [log.id, '10 and 20'],
    ]);
    expect(collector.captures[1]).toMatchObject({
      kind: 'snapshot',
      hit: 1,
      locals: [{ key: 'a' }, { key: 'b' }, { key: 'sum', value: { type: 'number', value: 30 } }],
      watches: [{ source: 'sum * 2', value: { type: 'number', value: 60 } }],
      stack: expect.arrayContaining([expect.objectContaining({ function: 'add' })]),
    });
    await collector.until(() => collector.reports.get(snapshot.id)?.captured === 1);
    expect(collector.reports.get(snapshot.id)).toMatchObject({
      seen: 2,
      matched: 1,
      skipped: { condition: 1 },
    });
  });

  it('disarms what is no longer wanted, and it delivers nothing any more', async () => {
    const collector = await collect();
    const woven = runWoven(ADD);
    begin(collector);
    const probe = commandAt(woven, 3);
    await collector.until(() => collector.hello() !== undefined);
    collector.want(probe);
    await collector.until(() => collector.reports.get(probe.id)?.state === 'armed');
    collector.want();
    await collector.until(() => collector.reports.get(probe.id)?.cause === 'removed');
    (woven.value as Add)(1, 2);
    await new Promise((resolve) => setTimeout(resolve, 3 * LIMITS.flushMs));
    expect(collector.captures).toEqual([]);
    expect(collector.reports.get(probe.id)).toMatchObject({ state: 'disarmed', seen: 0 });
  });

  it('arms a probe when its file is loaded, if that is later', async () => {
    const collector = await collect();
    begin(collector);
    await collector.until(() => collector.hello() !== undefined);
    const early = runWoven(ADD);
    const later = commandAt(early, 3, { place: { file: 'aaaaaaaaaaaa' } });
    collector.want(later);
    await collector.until(() => collector.reports.get(later.id) !== undefined);
    expect(collector.reports.get(later.id)).toMatchObject({
      state: 'received',
      message: expect.stringContaining('loaded'),
    });
  });

  it('sends the manifest of a growing build anew, and probes stay armed meanwhile', async () => {
    const collector = await collect();
    const woven = runWoven(ADD);
    const files = [woven.file];
    let grow = (): void => {};
    begin(collector, {
      manifest: {
        root: '/app',
        read: () => ({ ...EMPTY_MANIFEST, buildId: `build-${files.length}`, files: [...files] }),
        sourceMap: () => undefined,
        onChange: (listener) => (grow = listener),
      },
    });
    await collector.until(() => collector.hello() !== undefined);
    expect(collector.hello()?.agent.buildId).toBe('build-1');
    const probe = commandAt(woven, 3);
    collector.want(probe);
    await collector.until(() => collector.reports.get(probe.id)?.state === 'armed');

    const added = runWoven(ADD);
    files.push(added.file);
    grow();
    grow();
    const sent = (): string[] =>
      collector.messages.flatMap((message) =>
        message.type === 'manifest' ? [message.manifest.buildId] : [],
      );
    await collector.until(() => sent().length > 0);
    const late = commandAt(added, 3);
    collector.want(probe, late);
    await collector.until(() => collector.reports.get(late.id)?.state === 'armed');
    (woven.value as Add)(1, 2);
    (added.value as Add)(1, 2);
    await collector.until(() => collector.captures.length === 2);
    expect(sent()).toEqual(['build-2']);
    expect(collector.connections).toHaveLength(1);
  });

  it.each([
    ['invalid', { place: { on: 'line', file: 'x' } }, 'place'],
    ['invalid', { condition: { version: 1, source: 'x', reads: [], tree: { op: 'eval' } } }, 'eval'],
    ['invalid', { condition: { version: 99, source: 'x', reads: [], tree: { op: 'undefined' } } }, '99'],
  ])('refuses a command with cause %s: %j', async (cause, fields, message) => {
    const collector = await collect();
    const woven = runWoven(ADD);
    begin(collector);
    await collector.until(() => collector.hello() !== undefined);
    const good = commandAt(woven, 3);
    const bad = { ...commandAt(woven, 3), ...fields } as typeof good;
    collector.want(bad, good);
    await collector.until(() => collector.reports.size === 2);
    expect(collector.reports.get(bad.id)).toMatchObject({ state: 'disarmed', cause });
    expect(collector.reports.get(bad.id)?.message).toContain(message);
    expect(collector.reports.get(good.id)).toMatchObject({ state: 'armed' });
  });

  it('refuses a command for a function that its file does not have', async () => {
    const collector = await collect();
    const woven = runWoven(ADD);
    begin(collector);
    await collector.until(() => collector.hello() !== undefined);
    const bad = commandAt(woven, 3, { place: { functionIndex: 60 } });
    collector.want(bad);
    await collector.until(() => collector.reports.size === 1);
    expect(collector.reports.get(bad.id)).toMatchObject({
      state: 'disarmed',
      cause: 'error',
      message: expect.stringContaining('function') as string,
    });
  });

  it('survives nonsense from the collector', async () => {
    const collector = await collect();
    const woven = runWoven(ADD);
    begin(collector);
    await collector.until(() => collector.hello() !== undefined);
    collector.sendRaw(new Uint8Array([0xc1, 0xff]));
    collector.sendRaw('text');
    collector.send({ type: 'probes' } as never);
    const probe = commandAt(woven, 3);
    collector.want(probe);
    await collector.until(() => collector.reports.get(probe.id)?.state === 'armed');
    expect(collector.connections).toHaveLength(1);
  });
});

describe('the manifest', () => {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'dormouse-agent-'));
  const manifestPath = path.join(directory, MANIFEST_FILE);
  const write = (files: Manifest['files']): Manifest => {
    const manifest: Manifest = {
      manifest: MANIFEST_VERSION,
      contract: CONTRACT_VERSION,
      weaver: 'test',
      buildId: 'b'.repeat(24),
      commit: 'c0ffee',
      files,
      skipped: [],
    };
    writeFileSync(manifestPath, JSON.stringify(manifest));
    return manifest;
  };
  afterAll(() => rmSync(directory, { recursive: true }));

  it('names the build, and is sent when the collector asks for it', async () => {
    const collector = await collect({ manifestNeeded: true });
    const manifest = write([runWoven(ADD).file]);
    begin(collector, { manifest: manifestPath });
    await collector.until(() => collector.messages.some((message) => message.type === 'manifest'));
    expect(collector.hello()?.agent).toMatchObject({ buildId: manifest.buildId, commit: 'c0ffee' });
    expect(collector.messages.find((message) => message.type === 'manifest')).toEqual({
      type: 'manifest',
      manifest,
    });
  });

  it('tells a file that is not part of the build from one that is not loaded yet', async () => {
    const collector = await collect();
    const woven = runWoven(ADD);
    write([{ ...woven.file, id: 'bbbbbbbbbbbb' }]);
    begin(collector, { manifest: manifestPath });
    await collector.until(() => collector.hello() !== undefined);
    const unknown = commandAt(woven, 3, { place: { file: 'cccccccccccc' } });
    const notLoaded = commandAt(woven, 3, { place: { file: 'bbbbbbbbbbbb' } });
    collector.want(unknown, notLoaded);
    await collector.until(() => collector.reports.size === 2);
    expect(collector.reports.get(unknown.id)).toMatchObject({ state: 'disarmed', cause: 'unknownFile' });
    expect(collector.reports.get(notLoaded.id)).toMatchObject({ state: 'received' });
  });
});

describe('a lost collector', () => {
  it('gets, once it is back, every capture it had not stored, and each at most once per batch', async () => {
    const first = await collect({ stores: false });
    const woven = runWoven(ADD);
    const add = woven.value as Add;
    begin(first);
    await first.until(() => first.hello() !== undefined);
    const probe = commandAt(woven, 3);
    first.want(probe);
    await first.until(() => first.reports.get(probe.id)?.state === 'armed');
    add(1, 1);
    await first.until(() => first.captures.length === 1);
    await first.kill();
    expect(add(2, 2)).toBe(4);
    expect(add(3, 3)).toBe(6);

    const second = await collect({ port: first.port });
    second.want(probe);
    await second.until(() => second.captures.length === 3);
    expect(batches(second)[0]?.batch).toBe(batches(first)[0]?.batch);
    expect(new Set(second.captures.map((capture) => capture.id)).size).toBe(3);
    expect(second.hello()?.agent).toEqual(first.hello()?.agent);
    await second.until(() => second.reports.get(probe.id)?.captured === 3);
    add(4, 4);
    await second.until(() => second.captures.length === 4);
    expect(second.captures.map((capture) => capture.hit)).toEqual([1, 2, 3, 4]);
  });

  it('that refuses is tried again and again', async () => {
    const refusing = await collect({ refusal: { code: 'PROTOCOL_MISMATCH', message: 'update' } });
    begin(refusing);
    await refusing.until(() => refusing.connections.length >= 2);
    expect(refusing.messages.every((message) => message.type === 'hello')).toBe(true);
  });

  it('collector down at start: it is found when it comes', async () => {
    const first = await startCollector();
    await first.kill();
    begin(first);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const second = await collect({ port: first.port });
    await second.until(() => second.hello() !== undefined);
  });
});

describe('stop', () => {
  it('disarms, sends what is left, and disconnects', async () => {
    const collector = await collect();
    const woven = runWoven(ADD);
    const add = woven.value as Add;
    begin(collector);
    await collector.until(() => collector.hello() !== undefined);
    const probe = commandAt(woven, 3);
    collector.want(probe);
    await collector.until(() => collector.reports.get(probe.id)?.state === 'armed');
    add(1, 2);
    stop();
    add(3, 4);
    await collector.until(() => collector.connections.every((connection) => connection.readyState === 3));
    expect(collector.captures).toHaveLength(1);
    expect(collector.reports.get(probe.id)).toMatchObject({
      state: 'disarmed',
      cause: 'killSwitch',
      captured: 1,
    });
  });

  it('allows another start, with another identity', async () => {
    const collector = await collect();
    begin(collector);
    await collector.until(() => collector.hello() !== undefined);
    const before = collector.hello()?.agent.instance;
    stop();
    begin(collector);
    await collector.until(() => collector.hello()?.agent.instance !== before);
  });
});

describe('start', () => {
  it('says no where it is disabled or has no token', () => {
    expect(start({ disabled: true, token: TOKEN })).toBe(false);
    expect(start({ token: '' })).toBe(false);
  });

  it('says no to a second copy of the runtime, until the first has stopped', async () => {
    const collector = await collect();
    vi.resetModules();
    const copy = await import('../src/index.ts');
    expect(copy.start).not.toBe(start);
    begin(collector);
    expect(copy.start({ url: collector.url, token: TOKEN })).toBe(false);
    stop();
    expect(copy.start({ url: collector.url, token: TOKEN })).toBe(true);
    copy.stop();
  });

  it('twice is once', async () => {
    const collector = await collect();
    begin(collector);
    begin(collector);
    await collector.until(() => collector.hello() !== undefined);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(collector.connections).toHaveLength(1);
  });
});
