import type { CaptureView, ProbeRequest, ProbeView } from '@dormouse/protocol';
import { describe, expect, test } from 'vitest';
import { openCollector } from './support/collector.ts';
import { BUILD_B, makeManifest, MANIFEST_A, RISK } from './support/manifest.ts';

const SPAN: ProbeRequest = {
  kind: 'span',
  service: 'trades',
  location: { file: 'risk.ts', function: 'assess' },
  attributes: { tenant: '$ctx.tenant', outcome: '$return' },
};

const TAG: ProbeRequest = {
  kind: 'tag',
  service: 'trades',
  location: { file: 'risk.ts', line: 13 },
  attributes: { 'trade.id': 'trade.id' },
};

describe('a span', () => {
  test('is told with its name, its source and its attributes, and its captures are kept', async () => {
    const { api, agent } = await openCollector();
    const process = await agent({}, MANIFEST_A);
    const probe = await api.expect<ProbeView>('POST', '/probes', { ...SPAN, name: 'risk gate' });
    expect(probe).toMatchObject({ kind: 'span', on: 'end', name: 'risk gate', attributes: SPAN.attributes });

    const { probes } = await process.next('probes');
    expect(probes).toMatchObject([
      {
        kind: 'span',
        place: { on: 'end', functionIndex: 0 },
        span: { name: 'risk gate', file: 'src/risk.ts', line: 10, function: 'assess' },
        attributes: [
          { name: 'tenant', expression: { source: '$ctx.tenant' } },
          { name: 'outcome', expression: { source: '$return' } },
        ],
      },
    ]);

    const ids = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };
    const evidence = {
      ...ids,
      context: { tenant: 'acme' },
      span: {
        recorder: 'dormouse',
        ...ids,
        name: 'risk gate',
        startedAt: 1,
        durationMs: 2.5,
        status: 'error',
        error: 'RangeError: no',
        attributes: { tenant: 'acme', 'code.line.number': 10, ok: false },
      },
    } as const;
    await process.deliver([process.capture(probe.id, { kind: 'span', ...evidence })]);
    const { captures } = await api.get<{ captures: CaptureView[] }>(`/captures?probe=${probe.id}`);
    expect(captures).toMatchObject([evidence]);
  });

  test('is called as its function is unless it has a name', async () => {
    const { api, agent } = await openCollector();
    const process = await agent({}, MANIFEST_A);
    await api.expect('POST', '/probes', SPAN);
    expect((await process.next('probes')).probes).toMatchObject([{ span: { name: 'assess' } }]);
  });
});

describe('a span of lines', () => {
  const LINES: ProbeRequest = {
    kind: 'span',
    service: 'trades',
    location: { file: 'risk.ts', line: 13 },
    until: { file: 'risk.ts', line: 18, column: 20 },
    attributes: { score: 'score', took: '$duration' },
  };

  test('is told with both lines, and called after them', async () => {
    const { api, agent } = await openCollector();
    const process = await agent({}, MANIFEST_A);
    const probe = await api.expect<ProbeView>('POST', '/probes', LINES);
    expect(probe).toMatchObject({
      on: 'line',
      location: { file: 'src/risk.ts', line: 13, column: 3 },
      until: { file: 'src/risk.ts', line: 18, column: 20 },
    });
    expect(await api.get(`/probes/${probe.id}`)).toMatchObject({ until: probe.until });
    expect((await process.next('probes')).probes).toMatchObject([
      {
        place: { on: 'line', functionIndex: 0, pointIndex: 1 },
        until: { on: 'line', functionIndex: 0, pointIndex: 3, locals: ['trade', 'score', 'flag'] },
        span: { name: 'assess:13-18', file: 'src/risk.ts', line: 13, function: 'assess' },
      },
    ]);
  });

  test.each<[string, ProbeRequest['until'], string, string, string]>([
    ['file', { file: 'rsk.ts', line: 18 }, 'UNKNOWN_FILE', 'until.file', 'no file rsk.ts'],
    [
      'line',
      { file: 'risk.ts', line: 19 },
      'NO_CODE_AT_LINE',
      'until.line',
      'No statement starts on line 19',
    ],
    ['line without a number', { file: 'risk.ts' }, 'INVALID_REQUEST', 'until.line', 'needs its line'],
    [
      'line of another function',
      { file: 'price.ts', line: 2 },
      'INVALID_REQUEST',
      'until.line',
      'What begins in assess has to end in it, and line 2 is in price.',
    ],
  ])('is refused with a second %s that there is not', async (_what, until, code, path, message) => {
    const { api, agent } = await openCollector();
    await agent({}, MANIFEST_A);
    expect(await api.fail('POST', '/probes', { ...LINES, until })).toMatchObject({
      code,
      path,
      message: expect.stringContaining(message) as string,
    });
  });

  test('is refused in a function that does not tell of its calls', async () => {
    const { api, agent } = await openCollector();
    const [file] = MANIFEST_A.files;
    const silent = { ...file!, functions: file!.functions.map((fn) => ({ ...fn, exits: 'none' as const })) };
    await agent({}, { ...MANIFEST_A, files: [silent] });
    expect(await api.fail('POST', '/probes', LINES)).toMatchObject({
      code: 'CALLS_NOT_SEEN',
      path: 'location.line',
    });
  });

  test('stands in another build with both lines or not at all', async () => {
    const { api, agent } = await openCollector();
    const [assess] = RISK.functions;
    const shorter = {
      ...RISK,
      hash: 'shorter',
      functions: [{ ...assess!, points: assess!.points.slice(0, 2) }],
    };
    const other = await agent({}, makeManifest(BUILD_B, [shorter]));
    const newest = await agent({}, MANIFEST_A);
    const probe = await api.expect<ProbeView>('POST', '/probes', LINES);
    expect((await newest.next('probes')).probes).toMatchObject([{ id: probe.id }]);
    await other.handled();
    expect(other.received.filter((message) => message.type === 'probes')).toHaveLength(1);
    expect(probe.unplaced).toEqual([
      { buildId: BUILD_B, reason: 'No statement starts on line 18 of src/risk.ts in this build.' },
    ]);
  });
});

describe('a tag', () => {
  test('goes on when it has shown enough', async () => {
    const { api, agent } = await openCollector();
    const process = await agent({}, MANIFEST_A);
    const probe = await api.expect<ProbeView>('POST', '/probes', { ...TAG, limits: { hits: 1 } });
    expect((await process.next('probes')).probes).toMatchObject([
      { kind: 'tag', attributes: [{ name: 'trade.id', expression: { source: 'trade.id' } }] },
    ]);
    await process.deliver([process.capture(probe.id, { kind: 'tag', attributes: { 'trade.id': 7 } })]);
    expect(await api.get(`/probes/${probe.id}`)).toMatchObject({ state: 'active', hits: 1 });
  });
});

describe('is refused:', () => {
  const many = Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`a${index}`, '1']));
  test.each([
    [
      'a span whose condition reads how its call ends',
      { ...SPAN, condition: '$return > 1' },
      'UNKNOWN_VARIABLE',
      'condition',
    ],
    ['a span on a line', { ...SPAN, on: 'line' }, 'INVALID_REQUEST', ''],
    [
      'an attribute that does not parse',
      { ...SPAN, attributes: { a: '1 +' } },
      'SYNTAX_ERROR',
      'attributes.a',
    ],
    [
      'an attribute of an unknown variable',
      { ...TAG, attributes: { a: 'trad' } },
      'UNKNOWN_VARIABLE',
      'attributes.a',
    ],
    [
      'an attribute that reads a secret',
      { ...TAG, attributes: { a: 'trade.password' } },
      'REDACTED_NAME',
      'attributes.a',
    ],
    ['a tag of nothing', { ...TAG, attributes: undefined }, 'INVALID_REQUEST', 'attributes'],
    ['more attributes than a span has', { ...TAG, attributes: many }, 'INVALID_REQUEST', 'attributes'],
  ])('%s', async (_what, request, code, path) => {
    const { api, agent } = await openCollector();
    await agent({}, MANIFEST_A);
    const error = await api.fail('POST', '/probes', request);
    expect(error.code).toBe(code);
    expect(error.path ?? '').toBe(path);
  });
});
