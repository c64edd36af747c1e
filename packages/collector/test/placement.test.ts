import { CONTRACT_VERSION, LIMITS, type ProbeView } from '@dormouse/protocol';
import { expect, test } from 'vitest';
import { openCollector } from './support/collector.ts';
import {
  BUILD_A,
  BUILD_B,
  makeManifest,
  MANIFEST_A,
  PRICE,
  RISK,
  type FileSpec,
} from './support/manifest.ts';

/** `RISK` with every line moved, under another hash. */
function moved(by: number): FileSpec {
  const [assess] = RISK.functions;
  return {
    ...RISK,
    hash: `moved by ${by}`,
    functions: [
      {
        ...assess!,
        line: assess!.line + by,
        endLine: assess!.endLine + by,
        points: assess!.points.map((point) => ({
          ...point,
          line: point.line + by,
          endLine: (point.endLine ?? point.line) + by,
        })),
      },
    ],
  };
}

/** Places a probe at line 13 of build A while a process of another build runs as well. */
async function placeBeside(file: FileSpec | undefined) {
  const { api, agent } = await openCollector();
  const other = await agent({}, makeManifest(BUILD_B, file === undefined ? [PRICE] : [file]));
  const newest = await agent({}, MANIFEST_A);
  const probe = await api.snapshot({ watches: ['score'] });
  const [there] = (await newest.next('probes')).probes;
  expect(there).toMatchObject({ id: probe.id, place: { pointIndex: 1 } });
  return { api, other, probe };
}

test('a source that is the same is probed at the same line', async () => {
  const { other, probe } = await placeBeside(RISK);
  expect(probe.unplaced).toEqual([]);
  expect((await other.next('probes')).probes[0]).toMatchObject({ id: probe.id, place: { pointIndex: 1 } });
});

test('a function that moved and did not change is followed, and the evidence names its line', async () => {
  const { api, other, probe } = await placeBeside(moved(7));
  expect(probe.unplaced).toEqual([]);
  expect((await other.next('probes')).probes[0]).toMatchObject({ id: probe.id, place: { pointIndex: 1 } });
  const capture = other.capture(probe.id);
  await other.deliver([capture]);
  expect(await api.get(`/captures/${capture.id}`)).toMatchObject({
    buildId: BUILD_B,
    location: { file: 'src/risk.ts', line: 20, column: 3 },
  });
});

test('a function that changed behind the line keeps it', async () => {
  const [assess] = RISK.functions;
  const points = [...assess!.points, { line: 19, locals: ['score'] }];
  const { probe } = await placeBeside({ ...RISK, hash: 'longer', functions: [{ ...assess!, points }] });
  expect(probe.unplaced).toEqual([]);
});

test.each<[string, FileSpec | undefined, string]>([
  ['without the file', undefined, 'The build has no file src/risk.ts.'],
  [
    'whose line is in another function',
    { ...RISK, hash: 'renamed', functions: [{ ...RISK.functions[0]!, name: 'judge' }] },
    'Line 13 of src/risk.ts is not the same place of assess in this build.',
  ],
  [
    'whose line has no code',
    { ...RISK, hash: 'shorter', functions: [{ ...RISK.functions[0]!, points: [{ line: 11 }] }] },
    'No statement starts on line 13 of src/risk.ts in this build.',
  ],
  [
    'where a variable is not in scope',
    {
      ...RISK,
      hash: 'without score',
      functions: [
        {
          ...RISK.functions[0]!,
          points: RISK.functions[0]!.points.map((point) => ({ ...point, locals: ['trade'] })),
        },
      ],
    },
    'score is not in scope at line 13 in this build.',
  ],
])('a build %s is left out, with the reason', async (_what, file, reason) => {
  const { api, other, probe } = await placeBeside(file);
  expect(probe.unplaced).toEqual([{ buildId: BUILD_B, reason }]);
  await other.handled();
  expect(other.received.filter((message) => message.type === 'probes')).toHaveLength(1);

  await other.disconnect();
  const ended = await api.expect<ProbeView>('DELETE', `/probes/${probe.id}`);
  expect(ended.unplaced).toEqual([]);
});

test('a line that only an older build has is found there', async () => {
  const { api, agent } = await openCollector();
  await agent({}, MANIFEST_A);
  await agent({}, makeManifest(BUILD_B, [PRICE]));
  const probe = await api.snapshot();
  expect(probe.unplaced).toEqual([{ buildId: BUILD_B, reason: 'The build has no file src/risk.ts.' }]);
});

test('a probe for one build is told to that build only', async () => {
  const { api, agent } = await openCollector();
  const a = await agent({}, MANIFEST_A);
  const b = await agent({}, makeManifest(BUILD_B, [RISK]));
  const probe = await api.snapshot({ target: { buildId: BUILD_A } });
  expect((await a.next('probes')).probes[0]?.id).toBe(probe.id);
  await b.handled();
  expect(b.received.filter((message) => message.type === 'probes')).toHaveLength(1);
});

test('target filters must all match', async () => {
  const { api, agent } = await openCollector();
  const tags = { region: 'eu', tier: 'gold' };
  const match = await agent({ version: '2', tags }, MANIFEST_A);
  const others = [
    await agent({ version: '2', tags: { region: 'us', tier: 'gold' } }, MANIFEST_A),
    await agent({ version: '1', tags }, MANIFEST_A),
    await agent({ version: '2' }, MANIFEST_A),
  ];
  const probe = await api.snapshot({ target: { version: '2', tags: { region: 'eu' } } });
  expect((await match.next('probes')).probes[0]?.id).toBe(probe.id);
  for (const other of others) {
    await other.handled();
    expect(other.received.filter((message) => message.type === 'probes')).toHaveLength(1);
  }
});

test('a manifest that was uploaded makes a line known before any process runs it', async () => {
  const { api, agent } = await openCollector();
  const outline = await api.expect('PUT', '/manifests?service=trades', MANIFEST_A);
  expect(outline).toEqual({
    buildId: BUILD_A,
    weaver: 'test',
    contract: CONTRACT_VERSION,
    services: ['trades'],
    files: [
      { output: 'dist/risk.js', sources: ['src/risk.ts'], functions: 1, points: 4 },
      { output: 'dist/price.js', sources: ['src/price.ts'], functions: 1, points: 1 },
    ],
    skipped: [],
  });
  expect(await api.get(`/builds/${BUILD_A}`)).toEqual(outline);

  const probe = await api.snapshot();
  const late = await agent({}, MANIFEST_A);
  expect(late.received.find((message) => message.type === 'welcome')?.manifestNeeded).toBe(false);
  expect(late.received.find((message) => message.type === 'probes')?.probes[0]?.id).toBe(probe.id);
});

test.each([
  ['another format', { manifest: 1 }, 'manifest'],
  ['no build id', { buildId: '' }, 'buildId'],
  ['a path that is none', { skipped: [{ path: '', code: 'ignored', reason: 'x' }] }, 'skipped[0].path'],
])('a manifest with %s is refused', async (_what, change, path) => {
  const { api } = await openCollector();
  expect(await api.fail('PUT', '/manifests?service=trades', { ...MANIFEST_A, ...change })).toMatchObject({
    status: 400,
    code: 'INVALID_REQUEST',
    path,
  });
});

test('a manifest of another version is refused with what to do', async () => {
  const { api } = await openCollector();
  const other = { ...MANIFEST_A, manifest: 1 };
  expect(await api.fail('PUT', '/manifests?service=trades', other)).toMatchObject({
    message: expect.stringMatching(
      /manifest version 1; .* Install the same version .* build again/,
    ) as string,
  });
});

test('a manifest whose indices lead nowhere is refused', async () => {
  const { api } = await openCollector();
  const [file] = MANIFEST_A.files;
  const broken = { ...MANIFEST_A, files: [{ ...file!, names: [] }] };
  expect(await api.fail('PUT', '/manifests?service=trades', broken)).toMatchObject({
    code: 'INVALID_REQUEST',
    path: 'files[0]',
    message: expect.stringContaining('a variable of point 0 of function 0 has no name') as string,
  });
});

test('a manifest may be larger than other bodies', async () => {
  const { api } = await openCollector();
  const files = Array.from({ length: 1_000 }, (_, index) => ({ ...RISK, path: `src/risk-${index}.ts` }));
  const manifest = makeManifest(BUILD_A, files);
  expect(JSON.stringify(manifest).length).toBeGreaterThan(2 * LIMITS.bodyBytes);
  await api.expect('PUT', '/manifests?service=trades', manifest);
  const probe = await api.snapshot({ location: { file: 'risk-999.ts', line: 13 } });
  expect(probe.function).toBe('assess');
});

test('an unknown build has no outline', async () => {
  const { api } = await openCollector();
  expect(await api.fail('GET', '/builds/none')).toMatchObject({
    status: 404,
    code: 'UNKNOWN_BUILD',
    message: 'No manifest of a build none is here. GET /services lists the builds.',
  });
});
