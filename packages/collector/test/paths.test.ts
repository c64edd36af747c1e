import type { Capture, CaptureView, ProbeRequest, ProbeView } from '@dormouse/protocol';
import { describe, expect, test } from 'vitest';
import { openCollector } from './support/collector.ts';
import { makeManifest, MANIFEST_A } from './support/manifest.ts';

const PATH: ProbeRequest = {
  kind: 'path',
  service: 'trades',
  location: { file: 'risk.ts', function: 'assess' },
  condition: '$error !== undefined',
};

const EVIDENCE = {
  on: 'end',
  threw: { type: 'string', value: 'no' },
  durationMs: 2.5,
  path: {
    functions: [
      { name: 'assess', source: 'src/risk.ts' },
      { name: 'price', source: 'src/price.ts' },
    ],
    calls: [
      { function: 0, depth: 0, ended: 'threw', us: 2_500 },
      { function: 1, depth: 1, ended: 'returned', us: 20, returned: { type: 'number', value: 7 } },
    ],
    steps: [
      {
        call: 0,
        line: 12,
        column: 3,
        us: 0.5,
        arm: 'then',
        changed: [{ key: 'n', value: { type: 'null' } }],
      },
      { call: 1, line: 2, column: 3, us: 10 },
      { call: 0, line: 18, column: 3, us: 30, enters: 'catch' },
    ],
    omitted: { before: 1, count: 12 },
    ended: 'threw',
  },
} as const satisfies Partial<Capture>;

describe('a path', () => {
  test('is told with the statements of its functions, and its captures are kept', async () => {
    const { api, agent } = await openCollector();
    const process = await agent({}, MANIFEST_A);
    const probe = await api.expect<ProbeView>('POST', '/probes', {
      ...PATH,
      includes: [{ file: 'price.ts', function: 'price' }],
      steps: 20,
    });
    expect(probe).toMatchObject({
      kind: 'path',
      on: 'end',
      function: 'assess',
      includes: [{ function: 'price', location: { file: 'src/price.ts', line: 1 } }],
      steps: 20,
      limits: { hits: 5 },
      capture: { depth: 1 },
    });

    expect((await process.next('probes')).probes).toMatchObject([
      {
        place: { on: 'end', functionIndex: 0 },
        path: {
          steps: 20,
          root: {
            function: 'assess',
            source: 'src/risk.ts',
            synchronous: true,
            points: [{ line: 11 }, {}, {}, {}],
          },
          includes: [{ function: 'price', source: 'src/price.ts' }],
        },
      },
    ]);

    await process.deliver([process.capture(probe.id, { kind: 'path', ...EVIDENCE })]);
    const { captures } = await api.get<{ captures: CaptureView[] }>(`/captures?probe=${probe.id}`);
    expect(captures).toMatchObject([EVIDENCE]);
  });

  test('ends once it has its hits', async () => {
    const { api, agent } = await openCollector();
    const process = await agent({}, MANIFEST_A);
    const probe = await api.expect<ProbeView>('POST', '/probes', { ...PATH, limits: { hits: 1 } });
    await process.deliver([process.capture(probe.id, { kind: 'path', ...EVIDENCE })]);
    expect(await api.get(`/probes/${probe.id}`)).toMatchObject({ state: 'ended', endCause: 'hitLimit' });
  });

  test.each<[string, Partial<ProbeRequest>, string, string, string]>([
    [
      'a second point outside of what it follows',
      { until: { file: 'price.ts', line: 2 } },
      'INVALID_REQUEST',
      'until.line',
      'What begins in assess has to end in it, and line 2 is in price.',
    ],
    [
      'an included function that there is not',
      { includes: [{ file: 'price.ts', function: 'pric' }] },
      'UNKNOWN_FUNCTION',
      'includes[0].function',
      'Is it price?',
    ],
    ['too many steps', { steps: 5_001 }, 'INVALID_REQUEST', 'steps', '5000'],
    ['a name that is no parameter', { condition: 'score > 1' }, 'UNKNOWN_VARIABLE', 'condition', 'score'],
  ])('is refused with %s', async (_what, fields, code, path, message) => {
    const { api, agent } = await openCollector();
    await agent({}, MANIFEST_A);
    expect(await api.fail('POST', '/probes', { ...PATH, ...fields })).toMatchObject({
      code,
      path,
      message: expect.stringContaining(message) as string,
    });
  });

  test('may wait for a point of a function that it includes', async () => {
    const { api, agent } = await openCollector();
    const process = await agent({}, MANIFEST_A);
    await api.expect('POST', '/probes', {
      ...PATH,
      includes: [{ file: 'price.ts', function: 'price' }],
      until: { file: 'price.ts', line: 2 },
    });
    expect((await process.next('probes')).probes).toMatchObject([{ until: { on: 'line', pointIndex: 0 } }]);
  });

  test('follows a function once, however often it is named', async () => {
    const { api, agent } = await openCollector();
    await agent({}, MANIFEST_A);
    const price = { file: 'price.ts', function: 'price' };
    const { includes } = await api.expect<ProbeView>('POST', '/probes', {
      ...PATH,
      includes: [price, price],
    });
    expect(includes).toHaveLength(1);
  });

  test('is refused where the function does not tell of its calls, or is too large', async () => {
    const points = Array.from({ length: 1_000 }, (_, index) => ({ line: index + 2, locals: ['a', 'b'] }));
    const manifest = makeManifest('f'.repeat(24), [
      {
        path: 'src/large.ts',
        functions: [
          { name: 'large', line: 1, endLine: 1_002, points },
          { name: 'silent', line: 2_000, endLine: 2_002, points: [{ line: 2_001 }] },
        ],
      },
    ]);
    const [file] = manifest.files;
    const silent = { ...file!.functions[1]!, exits: 'none' as const };
    const { api, agent } = await openCollector();
    await agent(
      { buildId: manifest.buildId },
      {
        ...manifest,
        files: [{ ...file!, functions: [file!.functions[0]!, silent] }],
      },
    );
    expect(
      await api.fail('POST', '/probes', { ...PATH, location: { file: 'large.ts', function: 'large' } }),
    ).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      message: expect.stringMatching(
        /^large is too large to be followed: 1000 statements come to \d+ bytes/,
      ) as string,
    });
    expect(
      await api.fail('POST', '/probes', { ...PATH, location: { file: 'large.ts', function: 'silent' } }),
    ).toMatchObject({ code: 'CALLS_NOT_SEEN', path: 'location.function' });
  });
});
