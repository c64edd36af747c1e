import { setImmediate } from 'node:timers/promises';
import type { ImportDetails } from '@dormouse/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { DEFAULT_RETENTION } from '../../../src/index.ts';
import { emptyPolicy } from '../../../src/policy/policy.ts';
import type { ArrivedCapture, CaptureRange, LimitedFilter } from '../../../src/storage/contract/captures.ts';
import type { Storage } from '../../../src/storage/contract/storage.ts';
import type { Storages } from '../../../src/storage/contract/storages.ts';
import {
  DAY_MS,
  metricOf,
  sampleAgent,
  sampleBuild,
  sampleCapture,
  sampleProbe,
  sampleReport,
  sampleWindow,
} from './samples.ts';

/**
 * Holds the storage of one environment to its contract. Every test has an environment of its own.
 * @param open a database, which is closed in the end
 * @param environment one that is empty
 */
export function describeStorage(open: () => Promise<Storages>, environment: () => number): void {
  let storages: Storages;
  let storage: Storage;

  beforeAll(async () => {
    storages = await open();
  });

  afterAll(() => storages.close());

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-21T12:00:00Z') });
    storage = storages.environment(environment());
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  const wait = (ms: number): void => {
    vi.setSystemTime(Date.now() + ms);
  };
  const captureIds = async (order?: 'oldest' | 'newest'): Promise<string[]> =>
    (await storage.captures.list({}, undefined, 1_000, order)).map(({ id }) => id);

  test('answers', async () => {
    await storages.ping();
  });

  test('remembers services once, by name', async () => {
    for (const name of ['b', 'a', 'b']) await storage.services.remember(name);
    expect(await storage.services.names()).toEqual(['a', 'b']);
  });

  describe('builds', () => {
    test('are kept as they came first', async () => {
      await storage.builds.save(sampleBuild('b1', { commit: 'c' }));
      await storage.builds.save(sampleBuild('b1', { manifest: Uint8Array.of(9) }));
      expect(Uint8Array.from((await storage.builds.manifest('b1'))!)).toEqual(Uint8Array.of(0, 1, 255));
      expect(await storage.builds.manifest('b2')).toBeUndefined();
    });

    test('belong to services whether they are here or not, seen last first', async () => {
      await storage.builds.link('trades', 'b1');
      wait(1);
      await storage.builds.link('trades', 'b2');
      wait(1);
      await storage.builds.link('prices', 'b1');
      expect(await storage.builds.list()).toEqual([]);
      expect(await storage.builds.servicesOf('b1')).toEqual(['prices', 'trades']);

      await storage.builds.save(sampleBuild('b1', { commit: 'c' }));
      await storage.builds.save(sampleBuild('b2'));
      const figures = { files: 1, functions: 2, points: 3, skipped: 4 };
      expect(await storage.builds.list()).toEqual([
        { service: 'prices', buildId: 'b1', commit: 'c', ...figures },
        { service: 'trades', buildId: 'b2', ...figures },
        { service: 'trades', buildId: 'b1', commit: 'c', ...figures },
      ]);
      wait(1);
      await storage.builds.link('trades', 'b1');
      expect(await storage.builds.idsOf('trades')).toEqual(['b1', 'b2']);
      expect(await storage.builds.idsOf('prices')).toEqual(['b1']);
    });
  });

  test('knows agents with their first and their last sign of life, heard of last first', async () => {
    await storage.agents.save([]);
    await storage.agents.save([
      { identity: sampleAgent('i2'), lastSeen: 10 },
      { identity: sampleAgent('i1'), lastSeen: 11 },
    ]);
    await storage.agents.save([{ identity: sampleAgent('i2', { buildId: 'b' }), lastSeen: 12 }]);
    expect(await storage.agents.list()).toEqual([
      { identity: sampleAgent('i2', { buildId: 'b' }), firstSeen: 10, lastSeen: 12 },
      { identity: sampleAgent('i1'), firstSeen: 11, lastSeen: 11 },
    ]);
  });

  test('saves the processes that come and go', async () => {
    await storage.presence.renew();
    await storage.presence.attach({ identity: sampleAgent('i1'), lastSeen: 10 });
    expect(await storage.presence.elsewhere()).toEqual([]);
    await storage.presence.detach({ identity: sampleAgent('i1'), lastSeen: 12 });
    expect(await storage.agents.list()).toEqual([
      { identity: sampleAgent('i1'), firstSeen: 10, lastSeen: 12 },
    ]);
    await storage.presence.leave();
  });

  test('keeps more agents than a statement has room for', async () => {
    const agents = Array.from({ length: 1_234 }, (_, index) => sampleAgent(`i${index}`));
    await storage.agents.save(agents.map((identity) => ({ identity, lastSeen: 1 })));
    expect(await storage.agents.list()).toHaveLength(1_234);
  });

  test('keeps policies by scope, the latest of each', async () => {
    const scopes = [{}, { service: 'trades' }, { service: 'trades', instance: 'i' }];
    const saved = [];
    for (const scope of scopes) {
      saved.push((await storage.policies.save({ ...emptyPolicy(scope), deny: ['a.ts'] }))!);
      wait(1);
    }
    const changedAt = Date.now();
    const kill = { reason: 'noise', since: 5 };
    saved[1] = (await storage.policies.save({ ...saved[1]!, kill }))!;
    expect(saved[1]).toEqual({ ...emptyPolicy(scopes[1]!), deny: ['a.ts'], kill, revision: 4, changedAt });
    const list = (await storage.policies.list()).toSorted((a, b) => a.revision - b.revision);
    expect(list).toEqual([saved[0], saved[2], saved[1]]);
    expect(await storage.policies.save({ ...saved[1], revision: 2, deny: [] })).toBeUndefined();
    expect(await storage.policies.save(emptyPolicy(scopes[0]!))).toBeUndefined();
    expect(await storage.policies.list()).toEqual(expect.arrayContaining(list));
    await storage.policies.delete([]);
    await storage.policies.delete([scopes[0]!, scopes[2]!]);
    expect(await storage.policies.list()).toEqual([saved[1]]);
  });

  test('texts of sources are kept once, by their hash', async () => {
    await storage.sources.save('h1', 'const a = 1;');
    await storage.sources.save('h1', 'another');
    expect(await storage.sources.text('h1')).toBe('const a = 1;');
    expect(await storage.sources.text('h2')).toBeUndefined();
    expect([...(await storage.sources.known(['h1', 'h2']))]).toEqual(['h1']);
    expect([...(await storage.sources.known([]))]).toEqual([]);
  });

  describe('probes', () => {
    test('come back as they were stored', async () => {
      const probe = sampleProbe('p', { name: 'price \u0000 💶', expiresAt: 2 ** 45 });
      await storage.probes.insert(probe);
      expect(await storage.probes.find('p')).toEqual({
        definition: probe,
        state: 'active',
        hits: 0,
        cursor: 1,
        unplaced: [],
      });
      expect(await storage.probes.find('q')).toBeUndefined();
    });

    test('end once, and do not change any more', async () => {
      await storage.probes.insert(sampleProbe('p'));
      wait(5);
      const unplaced = [{ buildId: 'b', reason: 'gone' }];
      expect(await storage.probes.end('p', 'removed', unplaced)).toBe(true);
      const endedAt = Date.now();
      wait(5);
      expect(await storage.probes.end('p', 'expired', [])).toBe(false);
      expect(await storage.probes.end('q', 'expired', [])).toBe(false);
      await storage.probes.update(sampleProbe('p', { widenedAt: 1 }));
      expect(await storage.probes.find('p')).toEqual({
        definition: sampleProbe('p'),
        state: 'ended',
        endCause: 'removed',
        endedAt,
        hits: 0,
        cursor: 2,
        unplaced,
      });
    });

    test('are changed while they are active', async () => {
      await storage.probes.insert(sampleProbe('p'));
      await storage.probes.update(sampleProbe('p', { widenedAt: 7 }));
      expect(await storage.probes.find('p')).toMatchObject({ definition: { widenedAt: 7 }, cursor: 2 });
    });

    test('are listed newest first, by service and state', async () => {
      for (const [index, service] of ['trades', 'prices', 'trades'].entries()) {
        await storage.probes.insert(sampleProbe(`p${index}`, { service, createdAt: index }));
      }
      await storage.probes.end('p2', 'removed', []);
      const ids = async (...args: Parameters<Storage['probes']['list']>): Promise<string[]> =>
        (await storage.probes.list(...args)).map(({ definition }) => definition.id);
      expect(await ids({}, 10)).toEqual(['p2', 'p1', 'p0']);
      expect(await ids({}, 2)).toEqual(['p2', 'p1']);
      expect(await ids({ service: 'trades' }, 10)).toEqual(['p2', 'p0']);
      expect(await ids({ service: 'trades', state: 'active' }, Number.MAX_SAFE_INTEGER)).toEqual(['p0']);
      expect(await ids({ state: 'ended' }, 10)).toEqual(['p2']);
    });

    test('have the hits that are counted elsewhere', async () => {
      for (const id of ['p', 'q']) await storage.probes.insert(sampleProbe(id));
      await storage.probes.setHits('p', 7);
      expect((await storage.probes.find('p'))?.hits).toBe(7);
      expect((await storage.probes.find('q'))?.hits).toBe(0);
    });

    test('that changed are told in the order of their last change', async () => {
      for (const id of ['p', 'q', 'r']) await storage.probes.insert(sampleProbe(id));
      await storage.probes.end('p', 'removed', []);
      const ids = async (cursor: number, limit: number): Promise<string[]> =>
        (await storage.probes.changedAfter(cursor, limit)).map(({ definition }) => definition.id);
      expect(await ids(0, 10)).toEqual(['q', 'r', 'p']);
      expect(await ids(2, 1)).toEqual(['r']);
      expect(await ids(4, 10)).toEqual([]);
    });

    test('are told from those of other services', async () => {
      await storage.probes.insert(sampleProbe('p'));
      await storage.probes.insert(sampleProbe('q', { service: 'prices' }));
      expect(await storage.probes.among('trades', ['p', 'q', 'r'])).toEqual(new Set(['p']));
      expect(await storage.probes.among('trades', [])).toEqual(new Set());
    });
  });

  describe('groups', () => {
    const group = { id: 'g1', name: 'incident', createdAt: 1, expiresAt: 2 };

    test('are kept, the latest of each, and listed newest first', async () => {
      await storage.groups.save(group);
      await storage.groups.save({ ...group, id: 'g2', owner: 'ann', createdAt: 3 });
      await storage.groups.save({ ...group, endedAt: 4 });
      expect(await storage.groups.find('g1')).toEqual({ ...group, endedAt: 4 });
      expect(await storage.groups.find('g3')).toBeUndefined();
      expect((await storage.groups.list(10)).map(({ id }) => id)).toEqual(['g2', 'g1']);
      expect(await storage.groups.list(1)).toHaveLength(1);
    });

    test('tell their probes from others, and what those found', async () => {
      await storage.probes.insert(sampleProbe('p1', { group: 'g1' }));
      await storage.probes.insert(sampleProbe('p2'));
      await storage.probes.insert(sampleProbe('p3'));
      await storage.probes.update(sampleProbe('p3', { group: 'g1' }));
      await storage.captures.store(
        ['p1', 'p2', 'p3'].map((probe) => sampleCapture(`of ${probe}`, { probe })),
      );
      const filter = { group: 'g1' };
      expect(await storage.probes.list({ ...filter, services: ['prices'] }, 10)).toEqual([]);
      expect(await storage.probes.list({ ...filter, services: [] }, 10)).toEqual([]);
      expect(await storage.probes.list({ ...filter, services: ['prices', 'trades'] }, 1)).toHaveLength(1);
      const probes = await storage.probes.list(filter, 10);
      expect(probes.map(({ definition }) => definition.id).toSorted()).toEqual(['p1', 'p3']);
      expect((await storage.captures.list(filter, undefined, 10)).map(({ id }) => id)).toEqual([
        'of p1',
        'of p3',
      ]);
      const events = await storage.events.after(0, filter, 10);
      expect(events.captures.map(({ id }) => id)).toEqual(['of p1', 'of p3']);
      expect(events.probes.map(({ definition }) => definition.id).toSorted()).toEqual(['p1', 'p3']);
    });

    test('are listed for who may see some services: those with probes of these, and those they made', async () => {
      for (const [id, createdBy] of [
        ['g1', 'user ann'],
        ['g2', 'user bob'],
        ['g3', 'user bob'],
        ['g4', undefined],
      ] as const)
        await storage.groups.save({ ...group, id, ...(createdBy !== undefined && { createdBy }) });
      await storage.probes.insert(sampleProbe('p1', { group: 'g1', service: 'prices' }));
      await storage.probes.insert(sampleProbe('p2', { group: 'g2', service: 'trades' }));
      await storage.probes.insert(sampleProbe('p3'));
      const seen = async (who: string, services: string[], limit = 10): Promise<string[]> =>
        (await storage.groups.list(limit, undefined, { who, services })).map(({ id }) => id).toSorted();
      expect(await seen('user bob', ['prices'])).toEqual(['g1', 'g2', 'g3']);
      expect(await seen('user eve', ['prices', 'trades'])).toEqual(['g1', 'g2']);
      expect(await seen('user eve', [])).toEqual([]);
      expect(await seen('user eve', ['prices'], 1)).toEqual(['g1']);
    });

    test('are forgotten when they have been over for long enough', async () => {
      const now = Date.now();
      await storage.groups.save({ ...group, id: 'old', expiresAt: now - 31 * DAY_MS });
      await storage.groups.save({
        ...group,
        id: 'ended',
        expiresAt: now + DAY_MS,
        endedAt: now - 31 * DAY_MS,
      });
      await storage.groups.save({ ...group, id: 'here', expiresAt: now });
      await storage.deleteOld({ ...DEFAULT_RETENTION, days: 30 });
      expect((await storage.groups.list(10)).map(({ id }) => id)).toEqual(['here']);
    });
  });

  test('keeps every version of a template, each only once', async () => {
    const { templates } = storage;
    const template = (name: string, savedBy: string) => ({
      name,
      request: { kind: 'snapshot' },
      parameters: {},
      savedBy,
      createdAt: 1,
    });
    expect(await templates.save(template('b', 'ann'), 0)).toEqual({ ...template('b', 'ann'), version: 1 });
    expect(await templates.save(template('b', 'bob'), 0)).toBeUndefined();
    expect(await templates.save(template('b', 'bob'), 2)).toBeUndefined();
    expect((await templates.save(template('b', 'bob'), 1))?.version).toBe(2);
    await templates.save(template('a', 'ann'), 0);
    expect((await templates.find('b'))?.savedBy).toBe('bob');
    expect((await templates.find('b', 1))?.savedBy).toBe('ann');
    expect(await templates.find('b', 3)).toBeUndefined();
    expect((await templates.list()).map(({ name, version }) => [name, version])).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
    await templates.delete('b');
    expect((await templates.list()).map(({ name }) => name)).toEqual(['a']);
  });

  describe('reports', () => {
    beforeEach(async () => {
      for (const id of ['p', 'q']) await storage.probes.insert(sampleProbe(id));
    });

    test('of every process are kept, the latest of each', async () => {
      await storage.probes.end('q', 'removed', []);
      await storage.probes.saveReports('i1', [sampleReport('p'), sampleReport('q')]);
      await storage.probes.saveReports('i2', [sampleReport('p', { seen: 3 })]);
      await storage.probes.saveReports('i1', [sampleReport('p', { seen: 5 })]);
      const reports = await storage.probes.reports(['p', 'q', 'r']);
      expect(reports.get('p')?.toSorted((a, b) => a.seen - b.seen)).toEqual([
        { ...sampleReport('p', { seen: 3 }), instance: 'i2' },
        { ...sampleReport('p', { seen: 5 }), instance: 'i1' },
      ]);
      expect(reports.get('q')).toEqual([{ ...sampleReport('q'), instance: 'i1' }]);
      expect(reports.get('r')).toEqual([]);
    });

    test('change their probes when they say more than other counters', async () => {
      const cursor = async (id: string): Promise<number> => (await storage.probes.find(id))!.cursor;
      expect(await storage.probes.saveReports('i1', [])).toEqual([]);
      expect(await storage.probes.saveReports('i1', [sampleReport('p'), sampleReport('q')])).toEqual([
        'p',
        'q',
      ]);
      expect([await cursor('p'), await cursor('q')]).toEqual([3, 4]);
      expect(
        await storage.probes.saveReports('i1', [sampleReport('p'), sampleReport('q', { seen: 1 })]),
      ).toEqual([]);
      const disarmed = sampleReport('q', { state: 'disarmed', cause: 'expired' });
      expect(await storage.probes.saveReports('i1', [sampleReport('p', { seen: 2 }), disarmed])).toEqual([
        'q',
      ]);
      expect([await cursor('p'), await cursor('q')]).toEqual([3, 5]);
    });
  });

  describe('captures', () => {
    beforeEach(() => storage.probes.insert(sampleProbe('p')));

    test('come back as they were stored', async () => {
      const capture = sampleCapture('c');
      await storage.captures.store([capture]);
      const found = await storage.captures.find('c');
      expect(found).toEqual({ ...capture, cursor: expect.stringMatching(/^\d+$/) as string });
      expect(await storage.captures.list({}, undefined, 10)).toEqual([found]);
      expect(await storage.captures.find('d')).toBeUndefined();
    });

    test('are stored once, however often they are sent, and however late', async () => {
      const at = Date.now() - 1_000;
      const first = [sampleCapture('c1', { at }), sampleCapture('c2', { at })];
      expect(await storage.captures.store(first)).toEqual(new Map([['p', 2]]));
      wait(3 * DAY_MS);
      const again = [sampleCapture('c2', { at }), sampleCapture('c3')];
      expect(await storage.captures.store(again)).toEqual(new Map([['p', 3]]));
      expect(await storage.captures.store(again)).toEqual(new Map([['p', 3]]));
      expect(await captureIds()).toEqual(['c1', 'c2', 'c3']);
      expect((await storage.probes.find('p'))?.hits).toBe(3);
    });

    test.each([
      ['at the beginning of time', 0],
      ['a year ago', Date.UTC(2025, 10, 21)],
      ['tomorrow', Date.UTC(2026, 10, 22, 13)],
      ['in a far future', 1e300],
    ])('of a process whose clock is %s are stored once, too', async (_when, at) => {
      await storage.captures.store([sampleCapture('c', { at })]);
      wait(2 * DAY_MS);
      expect(await storage.captures.store([sampleCapture('c', { at })])).toEqual(new Map([['p', 1]]));
      expect(await captureIds()).toEqual(['c']);
    });

    test('of probes that are gone count for nobody', async () => {
      expect(await storage.captures.store([sampleCapture('c', { probe: 'gone' })])).toEqual(new Map());
      expect(await captureIds()).toEqual(['c']);
    });

    test('are stored more at once than a statement has room for, all in their order', async () => {
      const many = Array.from({ length: 2_345 }, (_, index) => sampleCapture(`c${index}`));
      expect(await storage.captures.store(many)).toEqual(new Map([['p', 2_345]]));
      const stored = await storage.captures.list({}, undefined, 5_000);
      expect(stored.map(({ id }) => id)).toEqual(many.map(({ id }) => id));
    });

    test('are stored all or not at all', async () => {
      const unfit = sampleCapture('c2', { probe: null as unknown as string });
      await expect(storage.captures.store([sampleCapture('c1'), unfit])).rejects.toThrow();
      expect(await captureIds()).toEqual([]);
      expect((await storage.probes.find('p'))?.hits).toBe(0);
    });

    test('that cannot be stored cost nobody else who stores at the same time', async () => {
      const unfit = sampleCapture('unfit', { probe: null as unknown as string });
      const results = await Promise.allSettled(
        [sampleCapture('c1'), sampleCapture('c2'), unfit, sampleCapture('c3'), sampleCapture('c1')].map(
          (capture) => storage.captures.store([capture]),
        ),
      );
      expect(results.map(({ status }) => status)).toEqual([
        'fulfilled',
        'fulfilled',
        'rejected',
        'fulfilled',
        'fulfilled',
      ]);
      expect(await captureIds()).toEqual(['c1', 'c2', 'c3']);
      expect((await storage.probes.find('p'))?.hits).toBe(3);
    });

    test('count for their probe up to the largest number that can be told', async () => {
      await storage.probes.insert(sampleProbe('many'));
      const most = Number.MAX_SAFE_INTEGER;
      for (const id of ['w1', 'w2']) {
        const totals = await storage.captures.store([sampleWindow(id, most, { probe: 'many' })]);
        expect(totals.get('many')).toBe(most);
      }
      expect((await storage.probes.find('many'))?.hits).toBe(most);
    });

    test('are listed by cursor in both orders, by probe and service', async () => {
      await storage.captures.store([
        sampleCapture('c1'),
        sampleCapture('c2', { probe: 'q' }),
        sampleCapture('c3', { service: 'prices', probe: 'r' }),
        sampleCapture('c4'),
      ]);
      const ids = async (...args: Parameters<Storage['captures']['list']>): Promise<string[]> =>
        (await storage.captures.list(...args)).map(({ id }) => id);
      expect(await ids({}, undefined, 2)).toEqual(['c1', 'c2']);
      expect(await ids({}, undefined, 2, 'newest')).toEqual(['c4', 'c3']);
      const [second, third] = await storage.captures.list({}, undefined, 3).then((all) => all.slice(1));
      expect(await ids({}, Number(second!.cursor), 10)).toEqual(['c3', 'c4']);
      expect(await ids({}, Number(third!.cursor), 10, 'newest')).toEqual(['c2', 'c1']);
      expect(await ids({ probe: 'p' }, undefined, 10)).toEqual(['c1', 'c4']);
      expect(await ids({ probe: 'p' }, Number(second!.cursor), 10)).toEqual(['c4']);
      expect(await ids({ service: 'prices' }, undefined, 10)).toEqual(['c3']);
      expect(await ids({ probe: 'p', service: 'prices' }, undefined, 10)).toEqual([]);
    });
  });

  test('knows how much evidence it keeps, and since when', async () => {
    const nothing = { count: 0, bytes: 0 };
    expect(await storage.captures.kept()).toEqual({ captures: nothing, windows: nothing });
    const arrived = [sampleCapture('c1'), sampleCapture('c2'), sampleWindow('w', 3)];
    await storage.captures.store(arrived);
    await storage.captures.store(arrived.slice(0, 1));
    const since = Date.now();
    wait(5);
    const later = sampleCapture('c3', { probe: 'other' });
    await storage.captures.store([later]);
    const bytesOf = (...captures: ArrivedCapture[]): number =>
      captures.reduce((sum, capture) => sum + Buffer.byteLength(JSON.stringify(capture)), 0);
    expect(await storage.captures.kept()).toEqual({
      captures: { count: 3, bytes: bytesOf(arrived[0]!, arrived[1]!, later), oldest: since },
      windows: { count: 1, bytes: bytesOf(arrived[2]!), oldest: since },
    });
  });

  test('gives captures as they are stored, in a range of cursors, and knows the cursors of a time', async () => {
    const times = [10, 10, 20, 30, 30, 40];
    await storage.captures.store(
      times.map((receivedAt, index) => sampleCapture(`c${index}`, { receivedAt, probe: `p${index % 2}` })),
    );
    type Range = Parameters<Storage['captures']['texts']>[1];
    const ids = async (range: Omit<Range, 'limit'>, limit = 10): Promise<string[]> =>
      (await storage.captures.texts({}, { ...range, limit })).map(
        ({ json }) => (JSON.parse(json) as { id: string }).id,
      );
    const from = await storage.captures.firstSince(20);
    const to = await storage.captures.firstSince(40);
    expect(await ids({ after: from - 1, until: to - 1, order: 'oldest' })).toEqual(['c2', 'c3', 'c4']);
    expect(await ids({ after: to, until: from, order: 'newest' })).toEqual(['c4', 'c3', 'c2']);
    expect(await ids({ order: 'newest' }, 2)).toEqual(['c5', 'c4']);
    expect(await storage.captures.texts({ probe: 'p1' }, { order: 'oldest', limit: 9 })).toHaveLength(3);
    expect(await ids({ after: (await storage.captures.firstSince(0)) - 1, order: 'oldest' })).toHaveLength(6);
    expect(await ids({ after: (await storage.captures.firstSince(41)) - 1, order: 'oldest' })).toEqual([]);
  });

  test('gives captures of some services as if there were no others', async () => {
    const services = ['a', 'b', 'c', 'b', 'a', 'c', 'c', 'a'];
    await storage.probes.insert(sampleProbe('p', { group: 'g' }));
    await storage.captures.store(
      services.map((service, index) =>
        sampleCapture(`${service}${index}`, { service, probe: index < 3 ? 'p' : 'q' }),
      ),
    );
    const ids = async (filter: LimitedFilter, range: Omit<CaptureRange, 'limit'>, limit = 10) =>
      (await storage.captures.texts(filter, { ...range, limit })).map(
        ({ json }) => (JSON.parse(json) as { id: string }).id,
      );
    const some = { services: ['b', 'a', 'none'] };
    expect(await ids(some, { order: 'oldest' })).toEqual(['a0', 'b1', 'b3', 'a4', 'a7']);
    expect(await ids(some, { order: 'newest' }, 2)).toEqual(['a7', 'a4']);
    const [, second] = await storage.captures.texts(some, { order: 'oldest', limit: 2 });
    expect(await ids(some, { order: 'oldest', after: second!.cursor }, 2)).toEqual(['b3', 'a4']);
    expect(await ids(some, { order: 'newest', until: second!.cursor }, 9)).toEqual(['a7', 'a4', 'b3', 'b1']);
    expect(await ids({ ...some, group: 'g' }, { order: 'oldest' })).toEqual(['a0', 'b1']);
    expect(await ids({ ...some, probe: 'q' }, { order: 'oldest' })).toEqual(['b3', 'a4', 'a7']);
    expect(await ids({ ...some, service: 'c' }, { order: 'oldest' })).toEqual([]);
    expect(await ids({ services: [] }, { order: 'oldest' })).toEqual([]);
  });

  describe('imports', () => {
    const details = (id: string, captures: number): ImportDetails => ({
      id,
      importedAt: Date.now(),
      by: 'ada',
      exportedAt: 1,
      captures,
      bytes: 10,
      hidden: 0,
      probes: [],
      builds: [{ service: 'trades', buildId: 'b' }],
    });
    const add = (id: string, count: number): Promise<void> =>
      storage.imports.add(
        id,
        Array.from({ length: count }, (_, index) => ({
          number: index + 1,
          capture: sampleCapture(`${id}-${index + 1}`, { receivedAt: index * 10, probe: `p${index % 2}` }),
        })),
      );
    const ids = async (id: string, ...rest: [LimitedFilter, CaptureRange]): Promise<number[]> =>
      (await storage.imports.texts(id, ...rest)).map(({ cursor }) => cursor);

    test('are seen when they are finished, and gone when they are deleted', async () => {
      await storage.imports.begin('i1', Date.now());
      await add('i1', 1_200);
      expect(await storage.imports.find('i1')).toBeUndefined();
      expect(await storage.imports.list()).toEqual([]);
      await storage.imports.finish(details('i1', 1_200));
      wait(1);
      await storage.imports.begin('i2', Date.now());
      await storage.imports.finish(details('i2', 0));
      expect((await storage.imports.list()).map(({ id }) => id)).toEqual(['i2', 'i1']);
      expect(await storage.imports.find('i1')).toMatchObject({ by: 'ada', captures: 1_200 });
      expect(await storage.imports.delete('i1')).toBe(true);
      expect(await storage.imports.delete('i1')).toBe(false);
      expect(await ids('i1', {}, { order: 'oldest', limit: 9 })).toEqual([]);
    });

    test('are read like captures, each by itself, and are none of those', async () => {
      for (const id of ['i1', 'i2']) {
        await storage.imports.begin(id, Date.now());
        await add(id, 5);
      }
      expect(await ids('i1', {}, { order: 'newest', limit: 2 })).toEqual([5, 4]);
      expect(await ids('i1', {}, { order: 'oldest', limit: 9, after: 1, until: 3 })).toEqual([2, 3]);
      expect(await ids('i1', { probe: 'p1' }, { order: 'oldest', limit: 9 })).toEqual([2, 4]);
      expect(await ids('i1', { service: 'prices' }, { order: 'oldest', limit: 9 })).toEqual([]);
      expect(await ids('i1', { services: ['prices'] }, { order: 'oldest', limit: 9 })).toEqual([]);
      expect(await ids('i1', { services: [] }, { order: 'oldest', limit: 9 })).toEqual([]);
      expect(await ids('i1', { services: ['trades', 'prices'] }, { order: 'oldest', limit: 2 })).toEqual([
        1, 2,
      ]);
      expect(await ids('i1', { group: 'g' }, { order: 'oldest', limit: 9 })).toEqual([]);
      expect(await storage.imports.firstSince('i1', 20)).toBe(3);
      expect(await storage.imports.firstSince('i1', 50)).toBe(6);
      expect(await captureIds()).toEqual([]);
      expect((await storage.captures.kept()).captures.count).toBe(0);
    });

    test('are deleted when they are old, or were never finished', async () => {
      for (const id of ['done', 'interrupted']) await storage.imports.begin(id, Date.now());
      await storage.imports.finish(details('done', 0));
      wait(DAY_MS);
      await storage.imports.begin('under way', Date.now());
      await storage.deleteOld(DEFAULT_RETENTION);
      expect((await storage.imports.list()).map(({ id }) => id)).toEqual(['done']);
      await storage.imports.finish(details('interrupted', 0));
      await storage.imports.finish(details('under way', 0));
      expect((await storage.imports.list()).map(({ id }) => id)).toEqual(['under way', 'done']);
      wait(6.5 * DAY_MS);
      await storage.deleteOld(DEFAULT_RETENTION);
      expect((await storage.imports.list()).map(({ id }) => id)).toEqual(['under way']);
    });
  });

  test('keeps the windows of metrics, which count for many hits', async () => {
    await storage.probes.insert(sampleProbe('p', { kind: 'counter' }));
    await storage.captures.store([sampleWindow('w1', 4), sampleWindow('v1', 1, { probe: 'q' })]);
    expect(await storage.captures.store([sampleWindow('w2', 5, { instance: 'i2' })])).toEqual(
      new Map([['p', 9]]),
    );
    const windows = await storage.captures.windows('p', 0, 10);
    expect(windows.map(({ instance, metric }) => ({ instance, metric }))).toEqual([
      { instance: 'i1', metric: metricOf(4) },
      { instance: 'i2', metric: metricOf(5) },
    ]);
    expect(await storage.captures.windows('p', 0, 1)).toEqual(windows.slice(0, 1));
    expect(await storage.captures.windows('p', windows[0]!.cursor, 10)).toEqual(windows.slice(1));
  });

  describe('events', () => {
    test('begin at 0', async () => {
      expect(await storage.events.last()).toBe(0);
      expect(await storage.events.after(0, {}, 10)).toEqual({ captures: [], probes: [] });
    });

    test('are captures and changes of probes in one order', async () => {
      await storage.probes.insert(sampleProbe('p'));
      await storage.captures.store([sampleCapture('c1'), sampleCapture('c2', { probe: 'q' })]);
      await storage.probes.insert(sampleProbe('q', { service: 'prices' }));
      await storage.probes.saveReports('i', [sampleReport('p')]);
      const read = async (...args: Parameters<Storage['events']['after']>): Promise<[string, number][]> => {
        const { captures, probes } = await storage.events.after(...args);
        return [
          ...captures.map(({ id, cursor }): [string, number] => [id, Number(cursor)]),
          ...probes.map(({ definition, cursor }): [string, number] => [definition.id, cursor]),
        ].sort(([, a], [, b]) => a - b);
      };
      const all = await read(0, {}, 10);
      expect(all.map(([id]) => id)).toEqual(['c1', 'c2', 'q', 'p']);
      expect(await storage.events.last()).toBe(all.at(-1)![1]);
      expect((await read(all[1]![1], {}, 10)).map(([id]) => id)).toEqual(['q', 'p']);
      expect((await read(0, {}, 1)).map(([id]) => id)).toEqual(['c1', 'q']);
      expect((await read(0, { probe: 'q' }, 10)).map(([id]) => id)).toEqual(['c2', 'q']);
      expect((await read(0, { service: 'trades' }, 10)).map(([id]) => id)).toEqual(['c1', 'c2', 'p']);
    });

    test('are all seen by whoever reads while others write, each once and in order', async () => {
      await storage.probes.insert(sampleProbe('p'));
      const batches = Array.from({ length: 20 }, (_, batch) =>
        Array.from({ length: 7 }, (__, index) => sampleCapture(`c${batch}-${index}`)),
      );
      const writing = Promise.all(batches.map((batch) => storage.captures.store(batch)));
      const seen: string[] = [];
      let cursor = 0;
      let isWritten = false;
      void writing.then(() => (isWritten = true));
      for (;;) {
        const isLast = isWritten;
        const { captures } = await storage.events.after(cursor, {}, 5);
        seen.push(...captures.map(({ id }) => id));
        cursor = Number(captures.at(-1)?.cursor ?? cursor);
        if (captures.length === 0 && isLast) break;
        // Who reads is elsewhere: a database in this process would else never let the others write.
        await setImmediate();
      }
      expect(seen.toSorted()).toEqual(
        batches
          .flat()
          .map(({ id }) => id)
          .toSorted(),
      );
      expect((await storage.probes.find('p'))?.hits).toBe(140);
    });
  });

  describe('deletes', () => {
    test('captures and windows beyond their numbers', async () => {
      await storage.captures.store([sampleCapture('c1'), sampleWindow('w1', 1)]);
      await storage.captures.store(['c2', 'c3', 'c4'].map((id) => sampleCapture(id)));
      await storage.captures.store(['w2', 'w3'].map((id) => sampleWindow(id, 1)));
      await storage.deleteOld(DEFAULT_RETENTION);
      expect(await captureIds()).toHaveLength(7);
      await storage.deleteOld({ ...DEFAULT_RETENTION, captures: 2, windows: 1 });
      expect(await captureIds()).toEqual(['c3', 'c4', 'w3']);
    });

    test('captures of hits beyond the bytes that are kept, the oldest first, and no windows', async () => {
      const sized = (id: string, length: number) =>
        sampleCapture(id, {
          locals: [{ key: 'text', value: { type: 'string', value: 'x'.repeat(length) } }],
        });
      await storage.captures.store([sampleWindow('w', 1), sized('c1', 10_000), sized('c2', 10_000)]);
      await storage.captures.store([sized('c3', 10), sized('c4', 9_000)]);
      await storage.deleteOld({ ...DEFAULT_RETENTION, bytes: 22_000 });
      expect(await captureIds()).toEqual(['w', 'c2', 'c3', 'c4']);
      await storage.deleteOld({ ...DEFAULT_RETENTION, bytes: 11_000 });
      expect(await captureIds()).toEqual(['w', 'c3', 'c4']);
      await storage.deleteOld({ ...DEFAULT_RETENTION, bytes: 0 });
      expect(await captureIds()).toEqual(['w']);
    });

    test('captures that came after those of one block, however they are counted', async () => {
      const many = Array.from({ length: 3_500 }, (_, index) => sampleCapture(`c${index}`));
      await storage.captures.store(many);
      const { bytes } = (await storage.captures.kept()).captures;
      wait(8 * DAY_MS);
      await storage.captures.store([sampleCapture('new')]);
      await storage.deleteOld({
        ...DEFAULT_RETENTION,
        days: 30,
        bytes: Math.round((bytes / 3_500) * 1_200.5),
      });
      const { captures } = await storage.captures.kept();
      expect(captures.count).toBeGreaterThan(1_150);
      expect(captures.count).toBeLessThan(1_250);
      expect(await captureIds()).toHaveLength(1_000);
      wait(DAY_MS);
      await storage.deleteOld({ ...DEFAULT_RETENTION, days: 1 });
      expect(await captureIds()).toEqual(['new']);
      expect((await storage.captures.kept()).captures.count).toBe(1);
    });

    test('many captures', async () => {
      await storage.captures.store(Array.from({ length: 2_500 }, (_, index) => sampleCapture(`c${index}`)));
      await storage.deleteOld({ ...DEFAULT_RETENTION, captures: 1 });
      expect(await captureIds()).toEqual(['c2499']);
    });

    test('captures by the time for which they are here, to the day, whatever the clocks of processes say', async () => {
      const longAgo = Date.now() - 20 * DAY_MS;
      await storage.captures.store([
        sampleCapture('old'),
        sampleCapture('old, ahead', { at: Date.now() + 40 * DAY_MS }),
        sampleCapture('old, behind', { at: longAgo }),
        sampleWindow('old window', 1),
      ]);
      wait(5 * DAY_MS);
      await storage.captures.store([sampleCapture('new, behind', { at: longAgo })]);
      await storage.deleteOld(DEFAULT_RETENTION);
      expect(await captureIds()).toHaveLength(5);
      wait(3.5 * DAY_MS);
      await storage.captures.store([sampleCapture('new')]);
      await storage.deleteOld(DEFAULT_RETENTION);
      expect(await captureIds()).toEqual(['new, behind', 'new']);
      wait(5 * DAY_MS);
      await storage.deleteOld(DEFAULT_RETENTION);
      expect(await captureIds()).toEqual(['new']);
    });

    test('no others because of a collector whose clock was behind, or ahead', async () => {
      await storage.captures.store([sampleCapture('good')]);
      await storage.captures.store([sampleCapture('behind', { receivedAt: Date.now() - 30 * DAY_MS })]);
      await storage.deleteOld(DEFAULT_RETENTION);
      expect(await captureIds()).toEqual(['good']);

      await storage.captures.store([sampleCapture('ahead', { receivedAt: Date.now() + 300 * DAY_MS })]);
      await storage.captures.store(Array.from({ length: 1_500 }, (_, index) => sampleCapture(`c${index}`)));
      wait(9 * DAY_MS);
      await storage.captures.store([sampleCapture('new')]);
      await storage.deleteOld(DEFAULT_RETENTION);
      expect(await captureIds()).toEqual(['ahead', 'new']);
      await storage.deleteOld({ ...DEFAULT_RETENTION, captures: 1 });
      expect(await captureIds()).toEqual(['new']);
    });

    test.each([1, DAY_MS - 1, DAY_MS / 2])(
      'captures at the end of their last day, and none before: day + %i ms',
      async (sinceMidnight) => {
        const midnight = Math.ceil(Date.now() / DAY_MS) * DAY_MS;
        vi.setSystemTime(midnight - 1);
        await storage.captures.store([sampleCapture('eve')]);
        vi.setSystemTime(midnight);
        await storage.captures.store([sampleCapture('day')]);
        vi.setSystemTime(midnight + DEFAULT_RETENTION.days * DAY_MS - 1);
        await storage.deleteOld(DEFAULT_RETENTION);
        expect(await captureIds()).toContain('day');
        wait(DAY_MS + sinceMidnight);
        await storage.deleteOld(DEFAULT_RETENTION);
        expect(await captureIds()).toEqual([]);
      },
    );

    test('what is left where another day begins anew, and nothing of that', async () => {
      await storage.captures.store([sampleCapture('then')]);
      wait(32 * DAY_MS);
      await storage.captures.store([sampleCapture('now')]);
      await storage.deleteOld(DEFAULT_RETENTION);
      wait(2 * DAY_MS);
      await storage.deleteOld(DEFAULT_RETENTION);
      expect(await captureIds()).toEqual(['now']);
    });

    test('nothing of what is stored later: cursors are never used twice', async () => {
      await storage.captures.store([sampleCapture('c1')]);
      const last = await storage.events.last();
      await storage.deleteOld({ ...DEFAULT_RETENTION, captures: 0 });
      await storage.captures.store([sampleCapture('c2')]);
      expect(Number((await storage.captures.find('c2'))?.cursor)).toBeGreaterThan(last);
    });

    test('ended probes with their reports, and processes and builds not heard of', async () => {
      for (const id of ['active', 'ended']) await storage.probes.insert(sampleProbe(id));
      await storage.probes.saveReports('i', [sampleReport('active'), sampleReport('ended')]);
      await storage.probes.end('ended', 'removed', []);
      for (const id of ['gone', 'kept']) {
        await storage.builds.save(sampleBuild(id));
        await storage.builds.link('trades', id);
        await storage.agents.save([{ identity: sampleAgent(id), lastSeen: Date.now() }]);
      }
      wait(8 * DAY_MS);
      await storage.builds.link('trades', 'kept');
      await storage.agents.save([{ identity: sampleAgent('kept'), lastSeen: Date.now() }]);
      await storage.probes.insert(sampleProbe('fresh'));
      await storage.probes.end('fresh', 'removed', []);

      await storage.deleteOld(DEFAULT_RETENTION);
      const probes = await storage.probes.list({}, 10);
      expect(probes.map(({ definition }) => definition.id).toSorted()).toEqual(['active', 'fresh']);
      const reports = await storage.probes.reports(['active', 'ended']);
      expect([reports.get('active')?.length, reports.get('ended')?.length]).toEqual([1, 0]);
      expect(await storage.builds.idsOf('trades')).toEqual(['kept']);
      expect(await storage.builds.manifest('gone')).toBeUndefined();
      expect((await storage.agents.list()).map(({ identity }) => identity.instance)).toEqual(['kept']);
    });
  });
}
