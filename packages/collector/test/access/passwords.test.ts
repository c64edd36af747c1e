import { describe, expect, test } from 'vitest';
import { weaknessOf } from '../../src/auth/passwords/guessable.ts';
import { hashPassword, isOutdated, isPassword, nobodysHash } from '../../src/auth/passwords/hash.ts';

/** Too cheap for anything but tests. */
const CHEAP = { logN: 4, r: 1, p: 1 };

describe('a hash', () => {
  test('is a PHC string with the cost in it, salted anew each time', async () => {
    const [one, other] = await Promise.all([hashPassword('horse'), hashPassword('horse')]);
    expect(one).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(one).not.toBe(other);
    expect([await isPassword('horse', one), await isPassword('Horse', one)]).toEqual([true, false]);
  });

  test('of another cost is still known, and is to be made again', async () => {
    const cheap = await hashPassword('horse', CHEAP);
    expect(await isPassword('horse', cheap)).toBe(true);
    expect([isOutdated(cheap), isOutdated(nobodysHash())]).toEqual([true, false]);
  });

  test('does not depend on how characters were typed', async () => {
    const composed = await hashPassword('caf\u00e9', CHEAP);
    expect(await isPassword('cafe\u0301', composed)).toBe(true);
  });

  test.each([
    '',
    'horse',
    '$scrypt$',
    '$scrypt$ln=40,r=8,p=1$AAAA$AAAA',
    '$argon2id$v=19$m=1,t=1,p=1$AAAA$AAAA',
  ])('that is none fits no password: %s', async (hash) => {
    expect(await isPassword('horse', hash)).toBe(false);
  });

  test('of nobody fits no password', async () => {
    expect(await isPassword('', nobodysHash(CHEAP))).toBe(false);
  });

  test('is that of RFC 7914', async () => {
    const key = Buffer.from('fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162', 'hex');
    const phc = `$scrypt$ln=10,r=8,p=16$${base64('NaCl')}$${base64(key)}`;
    expect(await isPassword('password', phc)).toBe(true);
  });
});

const base64 = (bytes: string | Buffer): string => Buffer.from(bytes).toString('base64').replaceAll('=', '');

describe('a password', () => {
  test.each([
    'short',
    'fourteen-chars',
    'passwordpassword',
    'Password123456789',
    'Welcome2024Welcome2024',
    'qwertyuiopasdfghjkl',
    '1q2w3e4r5t6y7u8i9o',
    'aaaaaaaaaaaaaaaaaaaaaa',
    'abcabcabcabcabcabc',
    'abcdefghijklmnopqrstuvwxyz',
    '987654321098765432109876543210',
    'correcthorsebatterystaple',
    'ann.lee@example.com',
    'Ann Lee Ann Lee 1234',
    'dormousedormouse1',
    'x'.repeat(300),
  ])('that is guessed first is refused: %s', (password) => {
    expect(weaknessOf(password, ['Ann Lee', 'ann.lee@example.com'])).toMatch(/password/);
  });

  test.each([
    'tulip gravel onward seven',
    'vexing-marble-quota',
    'Kq8$vN2!pL5@wZ9x',
    'мой дядя самых честных правил',
    '日本語の長い合言葉はここにある文です',
  ])('that is not is taken: %s', (password) => {
    expect(weaknessOf(password, ['Ann Lee', 'ann.lee@example.com'])).toBeUndefined();
  });
});
