import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { EVERYWHERE } from '../../../src/storage/contract/directory/places.ts';
import type { StoredElevation } from '../../../src/storage/contract/directory/elevations.ts';
import type { StoredToken } from '../../../src/storage/contract/directory/tokens.ts';
import type { Directory } from '../../../src/storage/contract/directory/directory.ts';
import type { Storages } from '../../../src/storage/contract/storages.ts';
import { sampleAgent, sampleBuild, sampleCapture, sampleProbe } from './samples.ts';

/**
 * Holds a directory to its contract.
 * @param open an empty one, for one test, which closes it
 */
export function describeDirectory(open: () => Promise<Storages>): void {
  let storages: Storages;
  let directory: Directory;

  beforeEach(async () => {
    storages = await open();
    directory = storages.directory;
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-21T12:00:00Z') });
  });

  afterEach(async () => {
    vi.useRealTimers();
    await storages.close();
  });

  const names = async (): Promise<string[]> => (await directory.places.list()).map(({ name }) => name);
  const binding = { place: 1, role: 'viewer', grants: [], services: [] } as const;
  const token = (id: string, extra: Partial<StoredToken> = {}): StoredToken => ({
    id,
    kind: 'api',
    name: `token ${id}`,
    binding,
    createdAt: Date.now(),
    ...extra,
  });
  const hash = (text: string): Buffer => Buffer.from(text);

  describe('places', () => {
    test('begin with one environment', async () => {
      expect(await directory.places.list()).toMatchObject([
        { id: 1, parent: 3, name: 'default' },
        { id: 2, parent: EVERYWHERE, name: 'default' },
        { id: 3, parent: 2, name: 'default' },
      ]);
    });

    test('have names that none of their siblings has', async () => {
      const acme = await directory.places.create(EVERYWHERE, 'acme');
      expect(acme).toMatchObject({ parent: EVERYWHERE, name: 'acme', createdAt: Date.now() });
      expect(await directory.places.create(EVERYWHERE, 'acme')).toBeUndefined();
      const shop = (await directory.places.create(acme!.id, 'acme'))!;
      expect(await directory.places.rename(shop.id, 'shop')).toBe(true);
      expect(await directory.places.rename(shop.id, 'shop')).toBe(true);
      expect(await directory.places.rename(acme!.id, 'default')).toBe(false);
      expect(await directory.places.rename(12, 'twelve')).toBe(false);
      expect(await directory.places.create(12, 'child of nobody')).toBeUndefined();
      expect((await names()).toSorted()).toEqual(['acme', 'default', 'default', 'default', 'shop']);
    });

    test('go with all that names them, and leave what is to be erased', async () => {
      await directory.tokens.insert(token('a'), hash('a'));
      await directory.tokens.insert(token('b', { binding: { ...binding, place: EVERYWHERE } }), hash('b'));
      await directory.bindings.save({ id: 'b', user: 'u', createdAt: 1, ...binding });
      await directory.elevations.insert(elevation('e', {}));
      await directory.places.delete([1, 3], [1]);
      expect(await names()).toEqual(['default']);
      expect((await directory.tokens.list()).map(({ id }) => id)).toEqual(['b']);
      expect(await directory.bindings.list()).toEqual([]);
      expect(await directory.elevations.active(0)).toEqual([]);
      expect(await directory.places.abandoned()).toEqual([1]);
      await directory.places.delete([2], [1]);
      await directory.places.forget(1);
      expect(await directory.places.abandoned()).toEqual([]);
    });
  });

  describe('tokens', () => {
    test('come back as they were stored, by id and by hash', async () => {
      const full = token('full', {
        isForAi: true,
        owner: 'u',
        expiresAt: 2 ** 45,
        binding: {
          place: 2,
          role: 'debugger',
          grants: ['values'],
          services: ['pay-*'],
          elevation: { role: 'admin', grants: ['values', 'raise-limits'] },
        },
      });
      expect(await directory.tokens.insert(full, hash('full'))).toBe(true);
      expect(await directory.tokens.insert(token('full'), hash('other'))).toBe(false);
      expect(await directory.tokens.insert(token('other'), hash('full'))).toBe(false);
      expect(await directory.tokens.find('full')).toEqual(full);
      expect(await directory.tokens.withHash(hash('full'), 0)).toEqual(full);
      expect(await directory.tokens.withHash(hash('other'), 0)).toBeUndefined();
      expect(await directory.tokens.list()).toEqual([full]);
    });

    test('have the secret before the last rotation for a while', async () => {
      await directory.tokens.insert(token('t'), hash('one'));
      expect(await directory.tokens.rotate('t', hash('two'), 100)).toBe(true);
      expect(await directory.tokens.rotate('nobody', hash('three'), 100)).toBe(false);
      const found = async (secret: string, now: number) =>
        (await directory.tokens.withHash(hash(secret), now))?.id;
      expect([await found('one', 99), await found('one', 100), await found('two', 100)]).toEqual([
        't',
        undefined,
        't',
      ]);
      expect((await directory.tokens.find('t'))?.formerUntil).toBe(100);
      await directory.tokens.rotate('t', hash('three'), 100);
      expect(await found('one', 99)).toBeUndefined();
    });

    test('know when they were used, and are gone when they are deleted', async () => {
      await directory.tokens.insert(token('t'), hash('one'));
      await directory.tokens.used('t', 5);
      expect((await directory.tokens.find('t'))?.usedAt).toBe(5);
      expect(await directory.tokens.delete('t')).toBe(true);
      expect(await directory.tokens.delete('t')).toBe(false);
      expect(await directory.tokens.withHash(hash('one'), 0)).toBeUndefined();
    });
  });

  test('bindings are of users, and replaced by their id', async () => {
    const first = { id: 'b1', user: 'u1', createdAt: 1, ...binding };
    const changed = { ...first, role: 'admin', services: ['a'] } as const;
    await directory.bindings.save(first);
    await directory.bindings.save({ ...first, id: 'b2', user: 'u2', createdAt: 2 });
    await directory.bindings.save(changed);
    expect(await directory.bindings.of('u1')).toEqual([changed]);
    expect((await directory.bindings.list()).map(({ id }) => id)).toEqual(['b1', 'b2']);
    expect(await directory.bindings.delete('b2')).toBe(true);
    expect(await directory.bindings.delete('b2')).toBe(false);
  });

  test('elevations end by themselves, or earlier', async () => {
    const [one, other] = [elevation('e1', { endsAt: 10 }), elevation('e2', { endsAt: 20 })];
    await directory.elevations.insert(one);
    await directory.elevations.insert(other);
    expect(await directory.elevations.active(9)).toEqual([one, other]);
    expect(await directory.elevations.active(10)).toEqual([other]);
    expect(await directory.elevations.activeOf({ kind: 'user', id: 't' }, 9)).toEqual([]);
    expect(await directory.elevations.activeOf(one.subject, 9)).toEqual([one, other]);
    expect(await directory.elevations.end('e2', 15)).toBe(true);
    expect(await directory.elevations.end('e2', 16)).toBe(false);
    expect(await directory.elevations.active(15)).toEqual([]);
  });

  test('an environment is erased, and nothing of another', async () => {
    const [mine, theirs] = [storages.environment(5), storages.environment(6)];
    for (const storage of [mine, theirs]) {
      await storage.services.remember('trades');
      await storage.builds.save(sampleBuild('b'));
      await storage.builds.link('trades', 'b');
      await storage.agents.save([{ identity: sampleAgent('i'), lastSeen: 1 }]);
      await storage.probes.insert(sampleProbe('p'));
      await storage.captures.store(Array.from({ length: 1_200 }, (_, n) => sampleCapture(`c${n}`)));
    }
    await mine.erase();
    expect(await mine.services.names()).toEqual([]);
    expect(await mine.builds.manifest('b')).toBeUndefined();
    expect(await mine.agents.list()).toEqual([]);
    expect(await mine.probes.find('p')).toBeUndefined();
    expect(await mine.captures.list({}, undefined, 1)).toEqual([]);
    expect(await mine.events.last()).toBe(0);
    expect(await theirs.captures.list({}, undefined, 2_000)).toHaveLength(1_200);
    expect(await theirs.probes.find('p')).toMatchObject({ hits: 1_200 });
  });
}

const elevation = (id: string, extra: Partial<StoredElevation>): StoredElevation => ({
  id,
  subject: { kind: 'token', id: 't' },
  environment: 1,
  role: 'debugger',
  grants: ['values'],
  reason: 'an incident',
  startedAt: 1,
  endsAt: 2 ** 45,
  ...extra,
});
