import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Directory } from '../../../src/storage/contract/directory/directory.ts';
import type { StoredSession } from '../../../src/storage/contract/directory/sessions.ts';
import type { StoredUser } from '../../../src/storage/contract/directory/users.ts';
import type { Storages } from '../../../src/storage/contract/storages.ts';

/**
 * Holds what a directory knows of people to its contract. All tests are on one, because databases are slow to make.
 * @param open an empty one, which is closed in the end
 */
export function describeUsers(open: () => Promise<Storages>): void {
  let storages: Storages;
  let directory: Directory;

  beforeAll(async () => {
    storages = await open();
    directory = storages.directory;
  });

  afterAll(() => storages.close());

  /** The people of a test live at a domain of their own. */
  let domain = 0;
  beforeEach(() => {
    domain++;
  });
  const emailOf = (name: string): string => `${name}@${domain}.example.com`;
  const idOf = (name: string): string => `${domain} ${name}`;
  const everybody = async (): Promise<StoredUser[]> =>
    (await directory.users.list()).filter(({ email }) => email.endsWith(emailOf('')));

  const user = (name: string, extra: Partial<StoredUser> = {}): StoredUser => ({
    id: idOf(name),
    email: emailOf(name),
    name,
    createdAt: 1,
    ...extra,
  });
  const identityNow = () => ({ issuer: 'https://login.example.com', subject: `4711 ${domain}` });

  describe('users', () => {
    test('are found by what they are known by, and listed by address', async () => {
      const identity = identityNow();
      const ann = user('ann', { identity, password: 'hash', signedInAt: 2, deactivatedAt: 3 });
      expect(await directory.users.insert(user('bob'))).toBe(true);
      expect(await directory.users.insert(ann)).toBe(true);
      expect(await everybody()).toEqual([ann, user('bob')]);
      expect(await directory.users.find(idOf('ann'))).toEqual(ann);
      expect(await directory.users.withEmail(emailOf('bob'))).toEqual(user('bob'));
      expect(await directory.users.withIdentity(identity)).toEqual(ann);
      expect(await directory.users.find(idOf('carl'))).toBeUndefined();
      expect(await directory.users.withEmail(emailOf('carl'))).toBeUndefined();
      expect(await directory.users.withIdentity({ ...identity, subject: '4712' })).toBeUndefined();
    });

    test('have ids, addresses and identities of their own', async () => {
      const identity = identityNow();
      await directory.users.insert(user('ann', { identity }));
      await directory.users.insert(user('bob'));
      expect(await directory.users.insert(user('ann', { email: emailOf('other') }))).toBe(false);
      expect(await directory.users.insert(user('carl', { email: emailOf('ann') }))).toBe(false);
      expect(await directory.users.insert(user('carl', { identity }))).toBe(false);
      expect(await directory.users.change(idOf('bob'), { email: emailOf('ann') })).toBe(false);
      expect(await directory.users.change(idOf('bob'), { identity })).toBe(false);
      expect(await directory.users.change(idOf('ann'), { email: emailOf('ann'), identity })).toBe(true);
      expect(await everybody()).toEqual([user('ann', { identity }), user('bob')]);
    });

    test('change where it is said, and nowhere else', async () => {
      await directory.users.insert(user('ann', { password: 'hash' }));
      await directory.users.insert(user('bob'));
      expect(await directory.users.change(idOf('ann'), { name: 'Ann', signedInAt: 2 })).toBe(true);
      expect(await directory.users.change(idOf('ann'), { deactivatedAt: 3 })).toBe(true);
      const changed = user('ann', { password: 'hash', name: 'Ann', signedInAt: 2, deactivatedAt: 3 });
      expect(await everybody()).toEqual([changed, user('bob')]);
      const { deactivatedAt: _, password: __, ...active } = changed;
      expect(
        await directory.users.change(idOf('ann'), { deactivatedAt: undefined, password: undefined }),
      ).toBe(true);
      expect(await directory.users.find(idOf('ann'))).toEqual(active);
      expect(await directory.users.change(idOf('carl'), { name: 'Carl' })).toBe(false);
    });
  });

  describe('sessions', () => {
    const ann = () => ({ kind: 'user', id: idOf('ann') }) as const;
    const bob = () => ({ kind: 'user', id: idOf('bob') }) as const;
    const session = (id: string, extra: Partial<StoredSession> = {}): StoredSession => ({
      id,
      subject: ann(),
      by: 'password',
      createdAt: 1,
      usedAt: 1,
      endsAt: 100,
      address: '127.0.0.1',
      browser: 'Firefox',
      ...extra,
    });
    const begin = (given: StoredSession): Promise<void> =>
      directory.sessions.insert(given, Buffer.from(given.id));
    const ids = async (subject: StoredSession['subject']): Promise<string[]> =>
      (await directory.sessions.of(subject)).map(({ id }) => id);

    test('are found by the hash of their secret, and listed by their last use', async () => {
      await begin(session('s1'));
      await begin(session('s2', { by: 'link', usedAt: 2 }));
      await begin(session('s3', { subject: { ...ann(), kind: 'token' }, by: 'link' }));
      expect(await directory.sessions.withHash(Buffer.from('s2'))).toEqual(
        session('s2', { by: 'link', usedAt: 2 }),
      );
      expect(await directory.sessions.withHash(Buffer.from('s4'))).toBeUndefined();
      expect(await ids(ann())).toEqual(['s2', 's1']);
      await directory.sessions.used('s1', 3);
      expect(await ids(ann())).toEqual(['s1', 's2']);
      expect(await ids({ ...ann(), kind: 'token' })).toEqual(['s3']);
    });

    test('end one by one, or all of somebody but one', async () => {
      for (const id of ['first', 'second', 'third']) await begin(session(id));
      await begin(session('other', { subject: bob() }));
      expect(await directory.sessions.end('first')).toBe(true);
      expect(await directory.sessions.end('first')).toBe(false);
      await directory.sessions.endAllOf(ann(), 'third');
      expect(await ids(ann())).toEqual(['third']);
      await directory.sessions.endAllOf(ann());
      expect(await ids(ann())).toEqual([]);
      expect(await ids(bob())).toEqual(['other']);
    });

    test('of a token end when it gets another secret, and when it is deleted', async () => {
      const subject = { kind: 'token', id: idOf('token') } as const;
      const binding = { place: 1, role: 'viewer', grants: [], services: [] } as const;
      const [one, other] = [Buffer.from(`one ${domain}`), Buffer.from(`other ${domain}`)];
      await directory.tokens.insert(
        { id: subject.id, kind: 'api', name: 'token', binding, createdAt: 1 },
        one,
      );
      await begin(session('of token', { subject, by: 'link' }));
      await begin(session('of ann'));
      await directory.tokens.rotate(subject.id, one, 0);
      expect(await ids(subject)).toEqual(['of token']);
      await directory.tokens.rotate(subject.id, other, 100);
      expect(await ids(subject)).toEqual([]);
      await begin(session('of token again', { subject, by: 'link' }));
      await directory.tokens.delete(subject.id);
      expect(await ids(subject)).toEqual([]);
      expect(await ids(ann())).toEqual(['of ann']);
    });

    test('are forgotten when they are over, or unused', async () => {
      await begin(session('over', { usedAt: 20, endsAt: 50 }));
      await begin(session('unused', { usedAt: 10 }));
      await begin(session('used', { usedAt: 11, endsAt: 51 }));
      await directory.sessions.deleteOld(50, 10);
      expect(await ids(ann())).toEqual(['used']);
    });
  });

  describe('codes', () => {
    const code = { purpose: 'link', content: '{"a":1}', endsAt: 100 } as const;
    const hash = Buffer.from('hash');

    test('are seen any number of times, and taken once', async () => {
      await directory.codes.insert(code, hash);
      expect(await directory.codes.find('link', hash, 99)).toEqual(code);
      const taken = await Promise.all([1, 2, 3, 4].map(() => directory.codes.take('link', hash, 99)));
      expect(taken.filter((stored) => stored !== undefined)).toEqual([code]);
      expect(await directory.codes.find('link', hash, 99)).toBeUndefined();
    });

    test('are good for one purpose and for a time', async () => {
      await directory.codes.insert(code, hash);
      expect(await directory.codes.take('password', hash, 99)).toBeUndefined();
      expect(await directory.codes.take('link', Buffer.from('other'), 99)).toBeUndefined();
      expect(await directory.codes.take('link', hash, 100)).toBeUndefined();
      await directory.codes.deleteOld(99);
      expect(await directory.codes.find('link', hash, 99)).toEqual(code);
      await directory.codes.deleteOld(100);
      expect(await directory.codes.find('link', hash, 99)).toBeUndefined();
    });
  });
}
