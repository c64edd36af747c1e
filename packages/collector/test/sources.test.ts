import { createHash } from 'node:crypto';
import type { FileView, SourceView } from '@dormouse/protocol';
import { expect, test } from 'vitest';
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
  expect((await files()).files[1]).toMatchObject({ functions: 1, points: 4, published: true });
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
