import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  CONTRACT_VERSION,
  DEFAULT_PROCESS_LIMITS,
  MANIFEST_FILE,
  MANIFEST_VERSION,
} from '@dormouse/protocol';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfig, type Config } from '../src/config/config.ts';
import { findManifest, readBuild } from '../src/config/manifest.ts';
import { VERSION } from '../src/version.ts';
import { readPackageName } from '../src/config/package-json.ts';

const TOKEN = { DORMOUSE_TOKEN: 't' };

describe('readConfig', () => {
  it('takes everything from the environment', () => {
    const env = {
      DORMOUSE_URL: 'wss://collector.example/',
      DORMOUSE_TOKEN: ' secret\n',
      DORMOUSE_SERVICE: 'trades',
      DORMOUSE_VERSION: '1.2.3',
      DORMOUSE_TAGS: 'region=eu, tier=web,broken,=x,formula=a=b',
      DORMOUSE_MANIFEST: '/app/m.json',
      DORMOUSE_DENY: 'src/vault/**, #decrypt,',
      DORMOUSE_MAX_CPU: '5',
      DORMOUSE_MAX_DELAY: '200',
      DORMOUSE_MAX_HITS: '100',
      DORMOUSE_MAX_BYTES: '65536',
      DORMOUSE_MAX_ALONE: '30',
      DORMOUSE_MAX_TOTAL_HITS: '1000',
      DORMOUSE_MAX_TOTAL_BYTES: '1e9',
    };
    expect(readConfig({}, env)).toEqual({
      url: 'wss://collector.example/agent/v1',
      token: 'secret',
      service: 'trades',
      version: '1.2.3',
      tags: { region: 'eu', tier: 'web', formula: 'a=b' },
      manifest: '/app/m.json',
      deny: ['src/vault/**', '#decrypt'],
      limits: {
        cpuShare: 0.05,
        loopDelayMs: 200,
        hitsPerSecond: 100,
        bytesPerSecond: 65_536,
        orphanMs: 30_000,
        lifetimeHits: 1_000,
        lifetimeBytes: 1e9,
      },
    });
  });

  it('takes a delay of 0 for any, and limits that the program gives before those of the environment', () => {
    const limits = { cpuShare: 0.002 };
    expect(
      readConfig({ limits }, { ...TOKEN, DORMOUSE_MAX_DELAY: '0', DORMOUSE_MAX_CPU: '5' }),
    ).toMatchObject({
      limits: { ...DEFAULT_PROCESS_LIMITS, cpuShare: 0.002, loopDelayMs: Infinity },
    });
    expect(readConfig({ limits: { loopDelayMs: 0 } }, TOKEN)).toMatchObject({
      limits: { loopDelayMs: Infinity },
    });
  });

  it('prefers options to the environment, and needs nothing but a token', () => {
    expect(readConfig({ token: 'x' }, {})).toEqual({
      url: 'ws://127.0.0.1:7447/agent/v1',
      token: 'x',
      tags: {},
      deny: [],
      limits: DEFAULT_PROCESS_LIMITS,
    });
    expect(readConfig({ url: 'ws://a', service: 's' }, { ...TOKEN, DORMOUSE_URL: 'ws://b' })).toMatchObject({
      url: 'ws://a/agent/v1',
      service: 's',
      token: 't',
    });
  });

  it.each([
    ['http://host:80', 'ws://host/agent/v1'],
    ['https://host/base/', 'wss://host/base/agent/v1'],
    ['ws://host:1/agent/v1', 'ws://host:1/agent/v1'],
    ['ws://host/?a=b#c', 'ws://host/agent/v1?a=b'],
  ])('reads %s as %s', (url, expected) => {
    expect((readConfig({ url }, TOKEN) as Config).url).toBe(expected);
  });

  it.each(['localhost:7447', 'ftp://host', 'nonsense'])('refuses the address %s', (url) => {
    expect(readConfig({ url }, TOKEN)).toContain(url);
  });

  it('takes the certificates and keys by which it knows the collector', () => {
    const directory = mkdtempSync(path.join(os.tmpdir(), 'dormouse-ca-'));
    const ca = path.join(directory, 'ca.pem');
    writeFileSync(ca, 'PEM');
    const pin = Buffer.alloc(32, 1).toString('base64');
    const env = {
      ...TOKEN,
      DORMOUSE_URL: 'https://c',
      DORMOUSE_CA: ca,
      DORMOUSE_PIN: `sha256/${pin}, ${pin}`,
    };
    expect(readConfig({}, env)).toMatchObject({ ca: 'PEM', pins: [pin, pin] });
    rmSync(directory, { recursive: true });
    expect(readConfig({}, env)).toMatch(/^DORMOUSE_CA cannot be read: .*ca\.pem/);
  });

  it.each([
    ['DORMOUSE_PIN', 'abc', /DORMOUSE_PIN is not the SHA-256/],
    ['DORMOUSE_PIN', Buffer.alloc(32).toString('base64'), /DORMOUSE_PIN needs a wss/],
    ['DORMOUSE_MAX_CPU', 'much', /DORMOUSE_MAX_CPU is not a number/],
    ['DORMOUSE_MAX_DELAY', '-1', /DORMOUSE_MAX_DELAY is not a number/],
    ['DORMOUSE_MAX_TOTAL_HITS', 'all', /DORMOUSE_MAX_TOTAL_HITS is not a number/],
  ])('stays off rather than misunderstand %s=%s', (name, value, message) => {
    expect(readConfig({}, { ...TOKEN, [name]: value })).toMatch(message);
  });

  it.each([
    ['wss://c.example', { HTTPS_PROXY: 'http://proxy:3128' }, 'http://proxy:3128/'],
    ['wss://c.example', { https_proxy: 'proxy:3128', HTTPS_PROXY: 'http://other' }, 'http://proxy:3128/'],
    ['ws://c.example', { HTTP_PROXY: 'https://proxy' }, 'https://proxy/'],
    ['ws://c.example', { HTTPS_PROXY: 'http://proxy' }, undefined],
    ['ws://127.0.0.1:7447', { HTTP_PROXY: 'http://proxy' }, undefined],
    ['ws://localhost', { HTTP_PROXY: 'http://proxy' }, undefined],
    ['ws://c.example', { HTTP_PROXY: 'http://proxy', NO_PROXY: 'a, example' }, undefined],
    ['ws://c.example', { HTTP_PROXY: 'http://proxy', NO_PROXY: '.c.example' }, undefined],
    ['ws://c.example', { HTTP_PROXY: 'http://proxy', NO_PROXY: 'c.example:81' }, 'http://proxy/'],
    ['ws://c.example:81', { HTTP_PROXY: 'http://proxy', NO_PROXY: 'c.example:81' }, undefined],
    ['ws://abc.example', { HTTP_PROXY: 'http://proxy', no_proxy: 'c.example' }, 'http://proxy/'],
    ['ws://c.example', { HTTP_PROXY: 'http://proxy', NO_PROXY: '*' }, undefined],
  ])('reaches %s with %j through %s', (url, env, proxy) => {
    expect((readConfig({ url }, { ...TOKEN, ...env }) as Config).proxy?.href).toBe(proxy);
  });

  it('stays off without a token', () => {
    expect(readConfig({}, {})).toContain('DORMOUSE_TOKEN');
    expect(readConfig({}, { DORMOUSE_TOKEN: '' })).toContain('DORMOUSE_TOKEN');
  });

  it.each(['1', 'true', 'yes', 'ON'])('stays off with DORMOUSE_DISABLED=%s', (DORMOUSE_DISABLED) => {
    expect(readConfig({}, { ...TOKEN, DORMOUSE_DISABLED })).toContain('disabled');
  });

  it.each(['', '0', 'false', 'no', 'off'])('is not disabled by DORMOUSE_DISABLED=%s', (DORMOUSE_DISABLED) => {
    expect(typeof readConfig({}, { ...TOKEN, DORMOUSE_DISABLED })).toBe('object');
  });
});

it('the version is that of the package', () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  expect(VERSION).toBe(version);
});

describe('around the main script', () => {
  const root = mkdtempSync(path.join(os.tmpdir(), 'dormouse-config-'));
  afterAll(() => rmSync(root, { recursive: true }));

  const write = (file: string, content: unknown): string => {
    const whole = path.join(root, file);
    mkdirSync(path.dirname(whole), { recursive: true });
    writeFileSync(whole, typeof content === 'string' ? content : JSON.stringify(content));
    return whole;
  };

  it('finds the nearest manifest: beside, above, or in the dist of a directory above', () => {
    const manifest = write(`app/dist/${MANIFEST_FILE}`, {});
    expect(findManifest(path.join(root, 'app/dist'))).toBe(manifest);
    expect(findManifest(path.join(root, 'app/dist/routes/deep'))).toBe(manifest);
    expect(findManifest(path.join(root, 'app/scripts'))).toBe(manifest);
    expect(findManifest(path.join(root, 'elsewhere'))).toBeUndefined();
  });

  it('reads a build and finds the root its paths are relative to', () => {
    write('built/out/a.js', '');
    const manifestPath = write(`built/out/${MANIFEST_FILE}`, {
      manifest: MANIFEST_VERSION,
      contract: CONTRACT_VERSION,
      buildId: 'b',
      commit: 'c',
      files: [{ id: 'f', output: 'out/a.js' }],
    });
    expect(readBuild(manifestPath)).toMatchObject({
      manifestPath,
      buildId: 'b',
      commit: 'c',
      files: new Set(['f']),
      root: path.join(root, 'built'),
    });
  });

  it.each([['{}'], ['[]'], ['{"buildId":"b"}'], ['{"buildId":"b","files":[{}]}'], ['not json']])(
    'refuses the manifest %s',
    (text) => {
      expect(() => readBuild(write('bad.json', text))).toThrow();
    },
  );

  it('refuses the manifest of another weaver, and says whose it is', () => {
    const manifest = { manifest: MANIFEST_VERSION, contract: 99, weaver: 'elder 9', buildId: 'b', files: [] };
    expect(() => readBuild(write('elder.json', manifest))).toThrow(
      /elder\.json was written by elder 9 \(manifest \d+, contract 99\); this runtime knows .* build again/,
    );
  });

  it('reads name and version of the nearest package.json that has a name', () => {
    write('named/package.json', { name: '@scope/app', version: '3.0.0' });
    write('named/dist/package.json', { type: 'commonjs' });
    write('named/broken/package.json', '{');
    const expected = { name: '@scope/app', version: '3.0.0' };
    expect(readPackageName(path.join(root, 'named/dist'))).toEqual(expected);
    expect(readPackageName(path.join(root, 'named/broken'))).toEqual(expected);
  });
});
