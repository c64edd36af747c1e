import { expect, test } from 'vitest';
import { readCommandLine } from '../src/command-line.ts';
import { StartError } from '../src/start-error.ts';

test('a log that goes to a terminal leaves the tokens in sight, unless a level is asked for', () => {
  const level = (args: string[], environment: Record<string, string>, isWatched: boolean) =>
    readCommandLine(args, environment, isWatched).options.logLevel;
  expect(level([], {}, true)).toBe('warn');
  expect(level([], {}, false)).toBeUndefined();
  expect(level(['--log-level', 'info'], {}, true)).toBe('info');
  expect(level([], { DORMOUSE_LOG_LEVEL: 'debug' }, true)).toBe('debug');
});

test('a database is named by flag or environment, as a URL', () => {
  const url = 'postgres://user:password@host/name';
  expect(readCommandLine(['--database', url], {}).options).toMatchObject({ database: url });
  expect(readCommandLine([], { DORMOUSE_DATABASE: url }).options).toMatchObject({ database: url });
  for (const wrong of ['host/name', 'mysql://host/name']) {
    expect(() => readCommandLine(['--database', wrong], {})).toThrow(
      new StartError('--database must be a URL like postgres://user:password@host/name.'),
    );
  }
});

test('where browsers find it is an origin', () => {
  const read = (url: string) => readCommandLine(['--public-url', url], {}).options.publicUrl;
  expect(read('https://dormouse.example.com/')).toBe('https://dormouse.example.com');
  for (const wrong of [
    'dormouse.example.com',
    'ftp://dormouse.example.com',
    'https://example.com/dormouse',
  ]) {
    expect(() => read(wrong)).toThrow('--public-url must be a URL without a path');
  }
});

test('proxies that are believed are addresses and networks', () => {
  const read = (list: string) => readCommandLine(['--trusted-proxies', list], {}).options.trustedProxies;
  expect(read('10.0.0.0/8, 127.0.0.1 ::1,fd00::/8')).toEqual(['10.0.0.0/8', '127.0.0.1', '::1', 'fd00::/8']);
  for (const wrong of ['proxy.example', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', 'true']) {
    expect(() => read(wrong)).toThrow(
      `--trusted-proxies must be addresses and networks, like 10.0.0.0/8, not ${wrong}.`,
    );
  }
});

test('a provider of OpenID Connect is named by the environment', () => {
  const read = (environment: Record<string, string>) => readCommandLine([], environment).options.oidc;
  const named = { DORMOUSE_OIDC_ISSUER: 'https://login.example.com', DORMOUSE_OIDC_CLIENT_ID: 'dormouse' };
  const rules = 'sre=admin@acme; cn=dev,ou=people=debugger@acme/shop/staging;everybody=viewer@*;';
  expect(read({})).toBeUndefined();
  expect(
    read({ ...named, DORMOUSE_OIDC_DOMAINS: 'example.com, example.org', DORMOUSE_OIDC_GROUPS: rules }),
  ).toEqual({
    issuer: 'https://login.example.com',
    clientId: 'dormouse',
    clientAuth: 'basic',
    domains: ['example.com', 'example.org'],
    groups: [
      { group: 'sre', role: 'admin', place: 'acme' },
      { group: 'cn=dev,ou=people', role: 'debugger', place: 'acme/shop/staging' },
      { group: 'everybody', role: 'viewer', place: '*' },
    ],
  });
  expect(() => read({ DORMOUSE_OIDC_ISSUER: 'https://login.example.com' })).toThrow(
    'DORMOUSE_OIDC_CLIENT_ID',
  );
  expect(() => read({ ...named, DORMOUSE_OIDC_CLIENT_AUTH: 'none' })).toThrow('must be basic or post');
  expect(() => read({ ...named, DORMOUSE_OIDC_GROUPS: 'sre=owner@acme' })).toThrow(
    '"sre=owner@acme" is no rule',
  );
});

test.each([
  ['--prot', 'There is no --prot. Did you mean --port? --help shows the flags.'],
  ['--xyzzyxyzzy', 'There is no --xyzzyxyzzy. --help shows the flags.'],
])('an unknown flag is answered with the nearest: %s', (flag, message) => {
  expect(() => readCommandLine([flag, '1'], {})).toThrow(new StartError(message));
});

test.each([
  [['--port', 'many'], '--port must be a whole number from 0 to 65535, not many.'],
  [
    ['--log-level', 'loud'],
    '--log-level must be one of fatal, error, warn, info, debug, trace, silent, not loud.',
  ],
  [['--tls-cert', 'cert.pem'], '--tls-cert and --tls-key belong together: give both.'],
  [['--send-to', 'inside'], '--send-to must be addresses and networks, like 10.0.0.0/8, not inside.'],
])('%o is refused with what to do', (args, message) => {
  expect(() => readCommandLine(args, {})).toThrow(new StartError(message));
});

test('a size is given with its unit', () => {
  const bytes = (size: string): number | undefined =>
    readCommandLine(['--keep-size', size], {}).options.retention?.bytes;
  expect(['500MB', '1.5 gb', '2TB', '4096'].map(bytes)).toEqual([
    500 * 1_024 ** 2,
    1.5 * 1_024 ** 3,
    2 * 1_024 ** 4,
    4_096,
  ]);
  expect(() => bytes('lots')).toThrow('--keep-size must be a size like 500MB or 20GB, not lots.');
});
