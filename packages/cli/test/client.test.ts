import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { freePort } from '../../../scripts/lib/free-port.ts';
import { Client } from '../src/client/client.ts';
import { DEFAULT_URL, findConnection } from '../src/client/connection.ts';
import { readProfiles, writeProfiles, type Login } from '../src/client/profiles.ts';
import { namingCommands } from '../src/client/wording.ts';
import { UsageError } from '../src/failure.ts';
import { readEvents } from '../src/client/server-sent-events.ts';
import { Dormouse } from './dormouse.ts';

describe('connection', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'dormouse-cli-'));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const save = (login: Login): string =>
    writeProfiles({ current: 'default', logins: { default: login } }, { HOME: home });

  test('without anything it is the local collector, without a token', () => {
    expect(findConnection({}, { HOME: home })).toEqual({ url: DEFAULT_URL, token: undefined });
  });

  test('flags win over the environment, the environment over the file', () => {
    const saved = { url: 'http://saved:1', token: 'saved' };
    save(saved);
    expect(findConnection({}, { HOME: home })).toEqual({ ...saved, tokenFrom: '"dormouse login"' });
    const environment = { HOME: home, DORMOUSE_URL: 'ws://env:1', DORMOUSE_TOKEN: 'last' };
    expect(findConnection({}, environment)).toEqual({
      url: 'http://env:1',
      token: 'last',
      tokenFrom: 'DORMOUSE_TOKEN',
    });
    expect(findConnection({}, { ...environment, DORMOUSE_ADMIN_TOKEN: 'admin' }).token).toBe('admin');
    expect(findConnection({ url: 'http://saved:1' }, environment).token).toBe('saved');
    expect(findConnection({ url: 'http://flag:1', token: 'flag' }, environment)).toEqual({
      url: 'http://flag:1',
      token: 'flag',
      tokenFrom: '--token',
    });
  });

  test('the saved token is sent to the saved address only', () => {
    save({ url: 'http://saved:1/', token: 'saved' });
    expect(findConnection({ url: 'http://saved:1' }, { HOME: home }).token).toBe('saved');
    expect(findConnection({ url: 'http://other:1' }, { HOME: home }).token).toBeUndefined();
  });

  test('the file is for its owner only', () => {
    const path = save({ url: 'http://saved:1', token: 'saved' });
    expect(path).toBe(join(home, '.config', 'dormouse', 'config.json'));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
  });

  describe('with several profiles', () => {
    const logins = {
      here: { url: 'http://here:1', token: 'of-here' },
      there: { url: 'http://there:1', token: 'of-there' },
    };
    beforeEach(() => {
      writeProfiles({ current: 'here', logins }, { HOME: home });
    });

    const found = (flags: object, environment: NodeJS.ProcessEnv = {}) => {
      const { url, token } = findConnection(flags, { HOME: home, ...environment });
      return [url, token];
    };
    const here = ['http://here:1', 'of-here'];
    const there = ['http://there:1', 'of-there'];

    test('the one in use is meant, unless another is named', () => {
      expect(found({})).toEqual(here);
      expect(found({ profile: 'there' })).toEqual(there);
      expect(found({}, { DORMOUSE_PROFILE: 'there' })).toEqual(there);
    });

    test('a profile that is named on the command line wins over the environment', () => {
      const environment = { DORMOUSE_URL: 'http://env:1', DORMOUSE_ADMIN_TOKEN: 'of-env' };
      expect(found({ profile: 'there' }, environment)).toEqual(there);
      expect(found({}, { ...environment, DORMOUSE_PROFILE: 'there' })).toEqual(['http://env:1', 'of-env']);
    });

    test('an address has its own token, whichever profile is in use', () => {
      expect(found({ url: 'http://there:1/' })).toEqual(['http://there:1/', 'of-there']);
      expect(found({ url: 'http://elsewhere:1', profile: 'here' })).toEqual([
        'http://elsewhere:1',
        undefined,
      ]);
    });

    test('an environment is named, or goes with the profile', () => {
      const there = { ...logins.there, environment: 'acme/shop/live' };
      writeProfiles({ current: 'here', logins: { ...logins, there } }, { HOME: home });
      const environmentOf = (flags: object, environment: NodeJS.ProcessEnv = {}) =>
        findConnection(flags, { HOME: home, ...environment }).environment;
      expect(environmentOf({})).toBeUndefined();
      expect(environmentOf({ profile: 'there' })).toBe('acme/shop/live');
      expect(environmentOf({ profile: 'there' }, { DORMOUSE_ENVIRONMENT: 'acme/shop/test' })).toBe(
        'acme/shop/test',
      );
      expect(environmentOf({ environment: 'a/b/c' }, { DORMOUSE_ENVIRONMENT: 'acme/shop/test' })).toBe(
        'a/b/c',
      );
    });

    test('one that does not exist is refused with those that do', () => {
      expect(() => findConnection({ profile: 'toString' }, { HOME: home })).toThrow(
        expect.objectContaining({
          error: expect.objectContaining({ suggestions: ['--profile here', '--profile there'] }),
        }),
      );
    });
  });

  test('a file of one login, as it once was, is the default profile', () => {
    const path = save({ url: 'http://saved:1', token: 'saved' });
    writeFileSync(path, '{"url":"http://first:1","token":"first"}');
    expect(readProfiles({ HOME: home })).toEqual({
      current: 'default',
      logins: { default: { url: 'http://first:1', token: 'first' } },
    });
  });

  test.each(['', 'null', '[]', '{"logins":{"a":{"url":1},"b":null}}'])(
    'a file with %j in it has no profiles',
    (content) => {
      writeFileSync(save({ url: 'http://saved:1', token: 'saved' }), content);
      expect(readProfiles({ HOME: home }).logins).toEqual({});
    },
  );
});

describe('server-sent events', () => {
  const events = async (...chunks: string[]): Promise<unknown[]> => {
    const read: unknown[] = [];
    for await (const event of readEvents(iterate(chunks))) read.push(event);
    return read;
  };

  test('events are read whatever way they are cut', async () => {
    const text =
      ': hello\n\nid: 7\nevent: capture\ndata: {"a":\ndata: 1}\n\ndata:x\r\n\r\nevent: empty\n\ndata: cut off';
    const expected = [
      { event: 'capture', data: '{"a":\n1}', id: '7' },
      { event: 'message', data: 'x', id: '7' },
    ];
    expect(await events(text)).toEqual(expected);
    expect(await events(...text)).toEqual(expected);
  });

  async function* iterate(chunks: readonly string[]): AsyncGenerator<string> {
    yield* chunks;
  }
});

test('a collector that is not there is named, with what to do', async () => {
  const url = await addressOfNobody();
  const message = `No collector answers at ${url} (ECONNREFUSED). Start one with "dormouse collector"`;
  await expect(new Client({ url, token: undefined }).services()).rejects.toThrow(message);
});

test.each(['services', 'snapshot risk.ts:1', 'probe p_1', 'captures', 'tail'])(
  'another server that answers everything is told from a collector: %s',
  async (command) => {
    const server = createHttpServer((_, response) => {
      response.setHeader('content-type', 'application/json').end('{"hello":"world"}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      expect(await new Dormouse([...command.split(' '), '--url', url]).finished).toEqual({
        code: 1,
        out: '',
        err: `error ${url} answered 200, but not as a collector does. [NOT_A_COLLECTOR]\n`,
      });
    } finally {
      server.close();
    }
  },
);

test.each(['nonsense', 'localhost:7447', 'ftp://collector'])('%s is no address', (url) => {
  expect(() => findConnection({ url }, {})).toThrow(UsageError);
  expect(() => findConnection({ url }, {})).toThrow(
    `"${url}" is no URL of a collector. For example: http://127.0.0.1:7447`,
  );
});

test.each([
  ['There is no probe p_x. GET /probes lists them.', 'There is no probe p_x. "dormouse probes" lists them.'],
  ['No build b. GET /services lists the builds.', 'No build b. "dormouse services" lists the builds.'],
  ['No file x. GET /builds/:id lists the files of a build.', 'No file x.'],
  [
    'p_x has ended. POST /probes/p_x/duplicate places it.',
    'p_x has ended. "dormouse duplicate p_x" places it.',
  ],
  ['Extend that with POST /groups/g_x/extend.', 'Extend that with "dormouse group extend g_x".'],
  [
    'Group g_x has ended. POST /groups makes another.',
    'Group g_x has ended. "dormouse group start" makes another.',
  ],
  ['No template x. GET /templates lists them.', 'No template x. "dormouse template" lists them.'],
  ['Remove some with DELETE /probes/:id.', 'Remove some with "dormouse remove".'],
  [
    'Processes send theirs; PUT /manifests uploads one.',
    'Processes send theirs; "dormouse manifest upload" uploads one.',
  ],
  [
    'This deletes it. Say so with confirm=acme/shop.v2.',
    'This deletes it. Say so with --confirm acme/shop.v2.',
  ],
  ['The condition is empty.', 'The condition is empty.'],
])('advice names commands, not requests: %s', (message, expected) => {
  expect(namingCommands(message)).toBe(expected);
});

const addressOfNobody = async (): Promise<string> => `http://127.0.0.1:${await freePort()}`;
