import type { ProbeRequest, ProbeView } from '@dormouse/protocol';
import { describe, expect, test } from 'vitest';
import { openCollector } from './support/collector.ts';
import { BUILD_A, BUILD_B, makeManifest, type FileSpec, type PointSpec } from './support/manifest.ts';

const LINES: readonly PointSpec[] = [
  { line: 11, text: 'let score = 0;', locals: ['trade'] },
  { line: 12, text: 'score += trade.size;', locals: ['trade', 'score'] },
  { line: 14, text: 'score += trade.age;', locals: ['trade', 'score'] },
  { line: 16, text: 'return score;', locals: ['trade', 'score'] },
];

const file = (points: readonly PointSpec[], extra: Partial<FileSpec> = {}): FileSpec => ({
  path: 'src/risk.ts',
  functions: [
    { name: 'assess', line: 10, endLine: 18, points },
    { name: 'review', line: 20, endLine: 24, points: [{ line: 22, text: 'return score;' }] },
  ],
  ...extra,
});

async function service(...files: readonly FileSpec[]) {
  const { api, agent } = await openCollector();
  for (const [index, spec] of files.entries())
    await agent({}, makeManifest([BUILD_B, BUILD_A][index]!, [spec]));
  const place = (location: Partial<ProbeRequest['location']>, extra: Partial<ProbeRequest> = {}) =>
    api.snapshot({ location: { file: 'risk.ts', ...location }, ...extra });
  const refuse = (location: Partial<ProbeRequest['location']>) =>
    api.refuse({ location: { file: 'risk.ts', ...location } });
  return { api, place, refuse };
}

describe('a line by its text', () => {
  test('is found, whatever its blanks', async () => {
    const { place } = await service(file(LINES));
    expect((await place({ text: 'score += trade.age;' })).location.line).toBe(14);
    expect((await place({ text: '\t score  +=  trade.age; ' })).location.line).toBe(14);
  });

  test('of which there are several is refused with all of them, unless it says which', async () => {
    const { place, refuse } = await service(file(LINES));
    expect(await refuse({ text: 'return score;' })).toMatchObject({
      code: 'AMBIGUOUS_LINE',
      path: 'location.text',
      message: expect.stringContaining('16 (in assess), 22 (in review)'),
      suggestions: ['src/risk.ts:16', 'src/risk.ts:22'],
    });
    expect((await place({ text: 'return score;', line: 19 })).location.line).toBe(16);
    expect((await place({ text: 'return score;', line: 40 })).location.line).toBe(22);
  });

  test('that is nowhere, or in a build that does not know its texts, is refused', async () => {
    const { refuse } = await service(file(LINES));
    expect(await refuse({ text: 'score += trade.ag;' })).toMatchObject({
      code: 'NO_CODE_AT_LINE',
      path: 'location.text',
    });
    const bare = await service(
      file(
        LINES.map(({ text: _text, ...point }) => point),
        { functions: [] },
      ),
    );
    expect(await bare.refuse({ text: 'score += trade.age;' })).toMatchObject({ code: 'NO_CODE_AT_LINE' });
    const without = await service({
      ...file([]),
      functions: [{ name: 'assess', line: 1, endLine: 3, points: [{ line: 2 }] }],
    });
    expect(await without.refuse({ text: 'score += trade.age;' })).toMatchObject({
      message: expect.stringContaining('does not know the texts'),
    });
    expect(await refuse({ text: 'two\nlines' })).toMatchObject({ code: 'INVALID_REQUEST' });
  });

  test('also ends what begins elsewhere, and names the function around it', async () => {
    const { api, place } = await service(file(LINES));
    const timed = await api.expect<ProbeView>('POST', '/probes', {
      kind: 'tictoc',
      service: 'trades',
      location: { file: 'risk.ts', text: 'let score = 0;' },
      until: { file: 'risk.ts', text: 'return score;', line: 16 },
    });
    expect(timed).toMatchObject({ location: { line: 11 }, until: { line: 16 } });
    expect((await place({ text: 'score += trade.age;' }, { on: 'end' })).function).toBe('assess');
  });
});

describe('a range of lines', () => {
  test('means its first statement or, of calls, the first function that begins in it', async () => {
    const { place, refuse } = await service(file(LINES));
    expect((await place({ line: 13, endLine: 16 })).location.line).toBe(14);
    expect((await place({ line: 8, endLine: 30 }, { on: 'return' })).function).toBe('assess');
    expect((await place({ line: 13, endLine: 16 }, { on: 'return' })).function).toBe('assess');
    expect((await place({ line: 19, endLine: 30 }, { on: 'return' })).function).toBe('review');
    expect(await refuse({ line: 17, endLine: 21 })).toMatchObject({ code: 'NO_CODE_AT_LINE' });
    expect(await refuse({ line: 14, endLine: 12 })).toMatchObject({
      code: 'INVALID_REQUEST',
      path: 'location.endLine',
    });
    expect(await refuse({ endLine: 12 })).toMatchObject({ code: 'INVALID_REQUEST' });
  });
});

describe('in another build of the service', () => {
  const at = (line: number, text: string): PointSpec => ({ line, text, locals: ['trade', 'score'] });
  const other = (points: readonly PointSpec[]): FileSpec => file(points, { hash: 'changed' });
  const unplacedIn = async (points: readonly PointSpec[]): Promise<ProbeView['unplaced']> => {
    const { place } = await service(other(points), file(LINES));
    return (await place({ line: 14 })).unplaced;
  };

  test('a line is followed by its text where its function has changed', async () => {
    const { api, agent } = await openCollector();
    const changed = [...LINES.slice(0, 2), at(13, 'score += trade.fee;'), at(15, 'score += trade.age;')];
    const process = await agent({}, makeManifest(BUILD_B, [other(changed)]));
    await agent({}, makeManifest(BUILD_A, [file(LINES)]));
    const { id, unplaced } = await api.snapshot({ location: { file: 'risk.ts', line: 14 } });
    expect(unplaced).toEqual([]);
    expect((await process.next('probes')).probes[0]).toMatchObject({ id, place: { pointIndex: 3 } });
  });

  test('a line with another text at the same place is refused, and so is one that is there twice', async () => {
    const reason = 'Line 14 of src/risk.ts is not the same place of assess in this build.';
    expect(await unplacedIn([...LINES.slice(0, 2), at(14, 'score *= 2;')])).toEqual([
      { buildId: BUILD_B, reason },
    ]);
    expect(
      await unplacedIn([...LINES.slice(0, 2), at(15, 'score += trade.age;'), at(17, 'score += trade.age;')]),
    ).toEqual([{ buildId: BUILD_B, reason: 'No statement starts on line 14 of src/risk.ts in this build.' }]);
  });

  test('a line that was edited in a function of the same shape stays where it is', async () => {
    expect(await unplacedIn(LINES.map((point) => ({ ...point, text: `${point.text} // edited` })))).toEqual(
      [],
    );
  });
});
