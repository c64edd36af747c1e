import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

import { IN_MEMORY, startCollector, type Collector } from '@dormouse/collector';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { storageOf } from '../../collector/test/support/storage-of.ts';
import { Dormouse, type Finished } from './dormouse.ts';
import { runHere } from './run-here.ts';

const TOKEN = 'the-admin-token-of-the-tests-0123456789';
let collector: Collector;

beforeAll(async () => {
  const storage = await storageOf(IN_MEMORY);
  collector = await startCollector({ port: 0, ...storage, logLevel: 'silent', adminToken: TOKEN });
});

afterAll(() => collector.close());

const dormouse = (...args: string[]): Promise<Finished> =>
  runHere([...args, '--url', collector.url, '--token', TOKEN]);

describe('dormouse user', () => {
  test('invites, shows, changes, deactivates and lets another password be set', async () => {
    expect(await dormouse('user')).toEqual({ code: 0, out: '', err: 'Nobody was invited yet.\n' });
    const invited = await dormouse(
      'user',
      'invite',
      'Ann@Example.com',
      '--role',
      'debugger',
      '--service',
      'trades*',
    );
    expect(invited.out).toMatch(
      /^EMAIL +NAME +MAY +SIGNS IN +LAST +ID\nann@example\.com +Ann@Example\.com +debugger@default +not yet +u_/,
    );
    expect(invited.out).toMatch(/\ndefault +debugger +values +trades\*\n/);
    expect(invited.out).toMatch(new RegExp(`\\n${collector.url}/#set-password=[\\w-]{43}\\n$`));
    expect(invited.err).toMatch(/^Hand the link over: it works once, within 23h 59m\.\n$/);

    const again = await dormouse('user', 'invite', 'ann@example.com', '--in', '*', '--grant', 'values');
    expect(again.err).toBe('They were known already, and may do this as well.\n');
    expect((await dormouse('user', 'show', 'ann@example.com')).out).toMatch(
      /\neverywhere +viewer +values +all\n/,
    );
    const elevated = ['--in', 'default/default', '--elevation', 'admin+values'];
    expect((await dormouse('user', 'invite', 'ann@example.com', ...elevated)).out).toMatch(
      /\ndefault\/default +viewer +none +all +admin \+ values\n/,
    );
    const forbid = (): ReturnType<typeof dormouse> =>
      dormouse('user', 'forbid', 'ann@example.com', '--in', '*');
    expect((await forbid()).out).toBe('What they could do in * is taken from them.\n');
    expect((await forbid()).err).toMatch(/Nothing that they may do is bound to \* itself/);
    expect((await dormouse('user', 'change', 'ann@example.com', '--name', 'Ann')).out).toContain(' Ann ');
    expect((await dormouse('user', 'deactivate', 'ann@example.com')).out).toContain(' deactivated ');
    expect((await dormouse('user', 'activate', 'ann@example.com')).out).toContain(' not yet ');
    expect((await dormouse('user', 'password', 'ann@example.com')).out).toContain('/#set-password=');
  });

  test.each([
    [['invite'], 'WHO is missing'],
    [['show', 'bob@example.com'], 'You see no user bob@example.com'],
    [['change', 'ann@example.com'], 'Say what: --name or --email.'],
    [['inivte', 'x'], '"inivte" is none of'],
    [['invite', 'ann@example.com', '--elevation', 'amdin'], '"amdin" is no role'],
    [['end-session', 'x'], 'You have no session x'],
    [['invite', 'ann@example.com\u001b[2J'], 'email: must be an address like ann@example.com'],
  ])('says what is wrong with %j', async (args, message) => {
    const { code, out, err } = await dormouse('user', ...args);
    expect([code === 0, out]).toEqual([false, '']);
    expect(err).toContain(message);
    expect(err).not.toContain('\u001b');
  });

  test('shows the browsers that one is signed in with', async () => {
    expect(await dormouse('user', 'sessions')).toEqual({
      code: 0,
      out: '',
      err: 'You are signed in with 0 browsers.\n',
    });
  });
});

test('dormouse login --email makes a token of one’s own, which is listed and revoked', async () => {
  const home = mkdtempSync(join(tmpdir(), 'dormouse-home-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const start = (...args: string[]): Dormouse =>
    new Dormouse([...args, '--url', collector.url], { HOME: home });
  const login = (password: string) => {
    const program = start('login', '--email', 'bob@example.com');
    program.type(`${password}\n`);
    return program.finished;
  };

  const { out } = await dormouse('user', 'invite', 'bob@example.com');
  const code = /set-password=(\S+)/.exec(out)![1];
  const password = 'tulip gravel onward seven';
  const set = await fetch(`${collector.url}/auth/set-password`, {
    method: 'POST',
    headers: { origin: collector.url, 'dormouse-console': '1', 'content-type': 'application/json' },
    body: JSON.stringify({ code, password }),
  });
  expect(set.status).toBe(200);

  expect(await login('not the password')).toMatchObject({
    code: 1,
    err: 'error The address or the password is wrong. [UNAUTHENTICATED]\n',
  });
  expect(await login(password)).toMatchObject({
    code: 0,
    out: expect.stringContaining('Logged in to') as string,
  });
  expect((await start('whoami').finished).out).toContain('default  viewer  none    all');
  expect((await start('user').finished).err).toContain('[FORBIDDEN]');
  const { tokens } = JSON.parse((await start('user', 'tokens', '--json').finished).out) as {
    tokens: { id: string }[];
  };
  expect((await start('user', 'revoke-token', tokens[0]!.id).finished).out).toBe(
    `Revoked: dormouse login at ${hostname()}.\n`,
  );
  expect((await start('whoami').finished).err).toContain('[UNAUTHENTICATED]');
});

test('dormouse whoami shows who asks', async () => {
  const { out } = await dormouse('whoami');
  expect(out).toMatch(
    /^admin token {2}token admin\n\nWHERE +ROLE +GRANTS +SERVICES +FOR A TIME\neverywhere +admin +values, agent-expressions, raise-limits +all\n$/,
  );
});

test('dormouse console prints a link that signs a browser in', async () => {
  const { out, err } = await dormouse('console');
  expect(err).toBe('It works once, within 4m 59s.\n');
  const [response] = (await once(get(out.trim()), 'response')) as [IncomingMessage];
  response.resume();
  expect([response.statusCode, response.headers['set-cookie']]).toEqual([
    303,
    [expect.stringContaining('dormouse-session-')],
  ]);
});
