import { join } from 'node:path';

import { CONTRACT_VERSION, MANIFEST_VERSION, type ManifestFile } from '@dormouse/protocol';
import type { Skip, WeaveReport } from '@dormouse/transformer';
import { expect, test } from 'vitest';

import { plainStyle } from '../src/render/index.ts';
import { renderWeaveReport } from '../src/render/weave-report.ts';

const ignored = (path: string): Skip => ({ path, code: 'ignored', reason: 'A comment asks for it.' });

const report: WeaveReport = {
  manifestPath: join('/project', 'dist', 'dormouse.manifest.json'),
  manifest: {
    manifest: MANIFEST_VERSION,
    contract: CONTRACT_VERSION,
    weaver: '@dormouse/transformer 0.1.0',
    buildId: '0123456789abcdef01234567',
    files: [],
    skipped: [],
  },
  woven: 12,
  kept: 1,
  cached: 2,
  functions: 1_240,
  points: 5_731,
  skipped: [
    ignored('src/a.ts'),
    { path: 'src/b.ts', line: 7, code: 'reparse-failed', reason: 'Unexpected token.' },
  ],
  size: { before: 100_000, after: 243_000, gzip: { before: 20_000, after: 30_000 } },
  sizes: [],
  ms: 412.3,
};

test('the report says what was woven, how it grew, and first what should not have happened', () => {
  expect(renderWeaveReport(report, plainStyle, '/project')).toBe(
    `
woven 12 files (2 from the cache, 1 file woven before): 1,240 functions, 5,731 points, 100.0 kB → 243.0 kB (2.43×), gzip 20.0 kB → 30.0 kB (1.50×) in 412 ms
build 0123456789abcdef01234567, manifest ${join('dist', 'dormouse.manifest.json')}

NOT WOVEN   WHY             REASON
src/b.ts:7  reparse-failed  Unexpected token.
src/a.ts    ignored         A comment asks for it.
`.trim(),
  );
});

test('a long list of skips is cut, and says so', () => {
  const skipped = Array.from({ length: 25 }, (_, index) => ignored(`src/${index}.ts`));
  const lines = renderWeaveReport({ ...report, skipped }, plainStyle, '/project').split('\n');
  expect(lines).toHaveLength(3 + 1 + 20 + 1);
  expect(lines.at(-1)).toBe('… and 5 more; --json lists all');
});

test('files without a source map are counted, since no probe will find their originals', () => {
  const manifest = {
    ...report.manifest,
    files: [file('dist/a.js', 'src/a.ts'), file('dist/b.js', 'dist/b.js')],
  };
  expect(renderWeaveReport({ ...report, manifest }, plainStyle, '/project')).toContain(
    '\n1 file without a source map: probes go by the lines of the JavaScript itself\n',
  );
});

function file(output: string, source: string): ManifestFile {
  return { id: output, output, sources: [{ path: source, hash: '' }], names: [], functions: [] };
}
