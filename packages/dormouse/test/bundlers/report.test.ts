import { expect, it } from 'vitest';
import { type BundleReport, renderReport } from '../../src/bundlers/report.ts';

const REPORT: BundleReport = {
  manifestPath: '/shop/dist/dormouse.manifest.json',
  buildId: '93d3be7e59be9b08f7e9e3b9',
  files: 1,
  functions: 1_200,
  points: 2,
  skipped: [],
  unknown: 0,
  bytesBefore: 1_000,
  bytesAfter: 2_500,
};

it('a report tells what was woven, how much it grew, and where the manifest is', () => {
  expect(renderReport(REPORT, '/shop')).toBe(
    [
      'dormouse: wove 1 file: 1,200 functions, 2 points, 1.0 kB → 2.5 kB (2.50×)',
      '  build 93d3be7e59be9b08f7e9e3b9, manifest dist/dormouse.manifest.json',
    ].join('\n'),
  );
});

it('a reason that holds for many files is given once', () => {
  const skipped = ['a', 'b', 'c', 'd', 'e'].map((name) => ({
    path: `src/${name}.ts`,
    code: 'no-source-map' as const,
    reason: 'No way back.',
  }));
  const long = { path: 'src/long.ts', line: 7, code: 'weaver-error' as const, reason: 'Too deep.' };
  const quiet = { path: 'src/types.ts', code: 'empty' as const, reason: 'It has nothing to stop at.' };
  const [, , ...lines] = renderReport({ ...REPORT, skipped: [...skipped, long, quiet] }, '/shop').split('\n');
  expect(lines).toEqual([
    '  not woven: src/a.ts, src/b.ts, src/c.ts and 2 more: No way back.',
    '  not woven: src/long.ts:7: Too deep.',
  ]);
});
