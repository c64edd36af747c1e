import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CONTRACT_VERSION, MANIFEST_FILE, MANIFEST_VERSION } from '@dormouse/protocol';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfig, type Config } from '../src/config/config.ts';
import { findManifest, readBuild } from '../src/config/manifest.ts';
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
    };
    expect(readConfig({}, env)).toEqual({
      url: 'wss://collector.example/agent/v1',
      token: 'secret',
      service: 'trades',
      version: '1.2.3',
      tags: { region: 'eu', tier: 'web', formula: 'a=b' },
      manifest: '/app/m.json',
    });
  });

  it('prefers options to the environment, and needs nothing but a token', () => {
    expect(readConfig({ token: 'x' }, {})).toEqual({
      url: 'ws://127.0.0.1:7447/agent/v1',
      token: 'x',
      tags: {},
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
