import { createHash } from 'node:crypto';
import type { FileView, SourceSearchView, SourceView } from '@dormouse/protocol';
import { describe, expect, test } from 'vitest';
import { openCollector, type TestCollector } from './support/collector.ts';
import { makeManifest, PRICE, RISK } from './support/manifest.ts';

/** Sources are shown only where somebody has published them, and only as they were woven. */

const TEXT = 'export function assess() {}\n';
const WHERE = '/sources?service=trades&file=risk.ts';

async function open(): Promise<TestCollector> {
  const collector = await openCollector();
  const hash = createHash('sha256').update(TEXT).digest('hex');
  await collector.agent({}, makeManifest('d'.repeat(24), [{ ...RISK, hash }, PRICE]));
  return collector;
}

test('nothing has source code until it is published, and then as it was', async () => {
  const { api } = await open();
  const files = () => api.get<{ buildId: string; files: FileView[] }>('/files?service=trades');
  const { buildId, files: before } = await files();
  expect(buildId).toBe('d'.repeat(24));
  expect(before.map(({ file, published }) => [file, published])).toEqual([
    ['src/price.ts', false],
    ['src/risk.ts', false],
  ]);
  expect(await api.fail('GET', WHERE)).toMatchObject({ code: 'NOT_FOUND', status: 404 });

  await api.expect('PUT', WHERE, { text: TEXT });
  expect(await api.get<SourceView>(WHERE)).toEqual({ buildId, file: 'src/risk.ts', text: TEXT });
  const hash = createHash('sha256').update(TEXT).digest('hex');
  expect((await files()).files[1]).toMatchObject({ functions: 1, points: 4, published: true, hash });
});

test('a text that is not the one that was woven is refused', async () => {
  const { api } = await open();
  expect(await api.fail('PUT', WHERE, { text: `${TEXT} ` })).toMatchObject({
    code: 'INVALID_REQUEST',
    path: 'text',
  });
});

test('files of a build and service that are not there are refused like points', async () => {
  const { api } = await open();
  expect(await api.fail('GET', '/files?service=nobody')).toMatchObject({ code: 'UNKNOWN_SERVICE' });
  expect(await api.fail('GET', '/files?service=trades&buildId=nothing')).toMatchObject({
    code: 'UNKNOWN_BUILD',
  });
  expect(await api.fail('GET', '/sources?service=trades&file=nothing.ts')).toMatchObject({
    code: 'UNKNOWN_FILE',
  });
});

describe('a search of the texts', () => {
  const search = (text: string, more = ''): string =>
    `/sources/search?service=trades&text=${encodeURIComponent(text)}${more}`;

  test('finds lines in any case, takes every character as itself, and says what nobody has published', async () => {
    const { api } = await open();
    expect(await api.get(search('assess'))).toMatchObject({ lines: [], complete: true, unpublished: 2 });
    await api.expect('PUT', WHERE, { text: TEXT });
    expect(await api.get<SourceSearchView>(search('ASSESS() {'))).toEqual({
      buildId: 'd'.repeat(24),
      lines: [{ file: 'src/risk.ts', line: 1, column: 17, text: 'export function assess() {}' }],
      complete: true,
      unpublished: 1,
    });
    expect(await api.get(search('.*'))).toMatchObject({ lines: [] });
  });

  test('is bounded, and says so', async () => {
    const text = `${'x'.repeat(1_000)}needle\n`.repeat(3);
    const collector = await openCollector();
    const hash = createHash('sha256').update(text).digest('hex');
    await collector.agent({}, makeManifest('d'.repeat(24), [{ ...RISK, hash }]));
    await collector.api.expect('PUT', WHERE, { text });
    const { lines, complete } = await collector.api.get<SourceSearchView>(search('needle', '&limit=2'));
    expect(lines.map(({ line, column }) => [line, column])).toEqual([
      [1, 1_001],
      [2, 1_001],
    ]);
    expect(lines[0]!.text).toMatch(/^x{60}needle$/);
    expect(complete).toBe(false);
    expect(await collector.api.get(search('needle', '&limit=3'))).toMatchObject({ complete: true });
    expect(await collector.api.fail('GET', search('n'))).toMatchObject({
      code: 'INVALID_REQUEST',
      path: 'text',
    });
  });
});
