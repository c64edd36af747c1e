import { API_PREFIX, LIMITS, MAX_PROBE_LIMITS, type ErrorBody, type PointView } from '@dormouse/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { createServer } from '../src/http/server.ts';
import { openCollector, type TestCollector } from './support/collector.ts';
import { BUILD_A, BUILD_B, makeManifest, MANIFEST_A, PRICE, RISK } from './support/manifest.ts';

let collector: TestCollector;

beforeEach(async () => {
  collector = await openCollector();
  await collector.agent({}, MANIFEST_A);
});

describe('a probe request is refused with what, where and what to do', () => {
  test('UNKNOWN_SERVICE names the nearest', async () => {
    expect(await collector.api.refuse({ service: 'trade' })).toEqual({
      status: 404,
      code: 'UNKNOWN_SERVICE',
      message: 'No agent of a service trade has ever connected. Did you mean trades?',
      path: 'service',
      suggestions: ['trades'],
    });
  });

  test('UNKNOWN_BUILD names those that run', async () => {
    expect(await collector.api.refuse({ target: { buildId: BUILD_B } })).toEqual({
      status: 404,
      code: 'UNKNOWN_BUILD',
      message: `No process of trades runs build ${BUILD_B}. Running now: ${BUILD_A}.`,
      path: 'target.buildId',
      suggestions: [BUILD_A],
    });
  });

  test('UNKNOWN_BUILD when no manifest is here', async () => {
    await collector.agent({ service: 'fraud' });
    expect(await collector.api.refuse({ service: 'fraud' })).toMatchObject({
      status: 404,
      code: 'UNKNOWN_BUILD',
      message:
        'No manifest of a build of fraud is here. Its processes send theirs when they find dormouse.manifest.json; PUT /manifests uploads one.',
    });
  });

  test('UNKNOWN_BUILD while a manifest is on its way', async () => {
    await collector.agent({ service: 'fraud', buildId: BUILD_B });
    expect(await collector.api.refuse({ service: 'fraud' })).toMatchObject({
      code: 'UNKNOWN_BUILD',
      message: `The manifest of fraud’s build ${BUILD_B} is not here yet: try again in a moment, or upload it with PUT /manifests.`,
    });
  });

  test('UNKNOWN_FILE names the nearest', async () => {
    expect(await collector.api.refuse({ location: { file: 'src/rsik.ts', line: 13 } })).toEqual({
      status: 404,
      code: 'UNKNOWN_FILE',
      message: `Build ${BUILD_A} has no file src/rsik.ts. The nearest: src/risk.ts.`,
      path: 'location.file',
      suggestions: ['src/risk.ts'],
    });
  });

  test('UNKNOWN_FILE says why a file was left unwoven', async () => {
    const skipped = [{ path: 'src/odd.js', code: 'parse-error', reason: 'Unexpected token (3:1).' }] as const;
    await collector.agent({ service: 'odd' }, makeManifest(BUILD_B, [RISK], { skipped }));
    expect(
      await collector.api.refuse({ service: 'odd', location: { file: 'odd.js', line: 1 } }),
    ).toMatchObject({
      code: 'UNKNOWN_FILE',
      message: `src/odd.js is part of build ${BUILD_B}, but was left unwoven (parse-error): Unexpected token (3:1).`,
    });
  });

  test('AMBIGUOUS_FILE names the candidates', async () => {
    const files = [
      { ...RISK, path: 'a/risk.ts' },
      { ...RISK, path: 'b/risk.ts' },
    ];
    await collector.agent({ service: 'twins' }, makeManifest(BUILD_B, files));
    expect(await collector.api.refuse({ service: 'twins', location: { file: 'risk.ts', line: 13 } })).toEqual(
      {
        status: 409,
        code: 'AMBIGUOUS_FILE',
        message: '2 files end in risk.ts. Give more of the path: a/risk.ts, b/risk.ts.',
        path: 'location.file',
        suggestions: ['a/risk.ts', 'b/risk.ts'],
      },
    );
  });

  test('NO_CODE_AT_LINE names the nearest lines that have some, and their functions', async () => {
    expect(await collector.api.refuse({ location: { file: 'risk.ts', line: 12 } })).toEqual({
      status: 422,
      code: 'NO_CODE_AT_LINE',
      message:
        'No statement starts on line 12 of src/risk.ts. The nearest lines with code: 11 (in assess), 13 (in assess), 18 (in assess).',
      path: 'location.line',
      suggestions: ['src/risk.ts:11', 'src/risk.ts:13', 'src/risk.ts:18'],
    });
  });

  test('NO_CODE_AT_LINE knows the inside of a statement', async () => {
    const { message } = await collector.api.refuse({ location: { file: 'risk.ts', line: 15 } });
    expect(message).toMatch(/^Line 15 of src\/risk\.ts is inside the statement that starts on line 13\. /);
  });

  test('NO_CODE_AT_LINE for a file without code', async () => {
    await collector.agent(
      { service: 'types' },
      makeManifest(BUILD_B, [{ path: 'src/types.ts', functions: [] }]),
    );
    expect(
      await collector.api.refuse({ service: 'types', location: { file: 'types.ts', line: 1 } }),
    ).toMatchObject({
      code: 'NO_CODE_AT_LINE',
      message: 'src/types.ts has no statement that a probe could stand before.',
      suggestions: [],
    });
  });

  test('SYNTAX_ERROR points at the character', async () => {
    const error = await collector.api.refuse({ condition: 'score >' });
    expect(error).toMatchObject({ status: 422, code: 'SYNTAX_ERROR', path: 'condition' });
    expect(error.excerpt).toMatch(/^score >\n +\^$/);
  });

  test('SYNTAX_ERROR in a template', async () => {
    const location = { file: 'risk.ts', line: 13 };
    const log = { kind: 'log', service: 'trades', location, template: 'score {score' };
    expect(await collector.api.fail('POST', '/probes', log)).toMatchObject({
      status: 422,
      code: 'SYNTAX_ERROR',
      path: 'template',
    });
  });

  test('UNSUPPORTED_SYNTAX', async () => {
    expect(await collector.api.refuse({ watches: ['score', 'score = 1'] })).toMatchObject({
      status: 422,
      code: 'UNSUPPORTED_SYNTAX',
      path: 'watches[1]',
    });
  });

  test('UNKNOWN_VARIABLE names the nearest', async () => {
    expect(await collector.api.refuse({ watches: ['scor'] })).toMatchObject({
      status: 422,
      code: 'UNKNOWN_VARIABLE',
      path: 'watches[0]',
      suggestions: ['score'],
    });
  });

  test('REDACTED_NAME', async () => {
    expect(
      await collector.api.refuse({ location: { file: 'price.ts', line: 2 }, condition: 'password === "x"' }),
    ).toMatchObject({ status: 422, code: 'REDACTED_NAME', path: 'condition' });
  });

  test('REDACTED_NAME of what a comment in the source marks', async () => {
    expect(
      await collector.api.refuse({ location: { file: 'price.ts', line: 2 }, condition: 'margin < 0.2' }),
    ).toMatchObject({
      status: 422,
      code: 'REDACTED_NAME',
      message: '`margin` is marked `@secret` in the source: no probe of this build can read it.',
    });
  });

  test('LIMIT_EXCEEDED says the ceiling', async () => {
    expect(await collector.api.refuse({ limits: { hits: MAX_PROBE_LIMITS.hits + 1 } })).toEqual({
      status: 422,
      code: 'LIMIT_EXCEEDED',
      message: 'hits is 1000001, and 1000000 is the most it can be.',
      path: 'limits.hits',
    });
    expect(await collector.api.refuse({ capture: { depth: 21 } })).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      path: 'capture.depth',
    });
  });

  test('LIMIT_EXCEEDED when all expressions together would not fit a message', async () => {
    const watch = `[${Array(250).fill('score').join(', ')}]`;
    expect(await collector.api.refuse({ watches: Array(20).fill(watch) as string[] })).toMatchObject({
      status: 422,
      code: 'LIMIT_EXCEEDED',
      message: expect.stringMatching(
        /^The probe’s expressions come to \d+ bytes, and 41943 is the most a probe can have\./,
      ) as string,
    });
  });

  test('LIMIT_EXCEEDED when the service carries as many probes as it can', async () => {
    for (let n = 0; n < LIMITS.probesPerProcess; n++) await collector.api.snapshot();
    expect(await collector.api.refuse({})).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      message:
        'trades has 200 active probes, the most a process carries. Remove some with DELETE /probes/:id.',
    });
  });

  test.each([
    [{ kind: 'trace' }, 'kind'],
    [{ kind: 'snapshot' }, 'service'],
    [{ kind: 'snapshot', service: 'trades', location: { file: 'risk.ts', line: 0 } }, 'location.line'],
    [
      { kind: 'snapshot', service: 'trades', location: { file: 'risk.ts', line: 13 }, watches: [1] },
      'watches[0]',
    ],
    [{ kind: 'log', service: 'trades', location: { file: 'risk.ts', line: 13 } }, 'template'],
  ])('INVALID_REQUEST says where: %o', async (body, path) => {
    expect(await collector.api.fail('POST', '/probes', body)).toMatchObject({
      status: 400,
      code: 'INVALID_REQUEST',
      path,
    });
  });

  test('INVALID_REQUEST for a field that does not exist', async () => {
    const { code, message } = await collector.api.refuse({ conditon: 'score' } as object);
    expect(code).toBe('INVALID_REQUEST');
    expect(message).toContain('"conditon"');
  });
});

describe('a request is refused before its operation sees it', () => {
  const send = async (init: RequestInit, path = '/probes') => {
    const response = await fetch(collector.url + API_PREFIX + path, {
      method: 'POST',
      ...init,
      headers: { authorization: `Bearer ${collector.adminToken}`, ...init.headers },
    });
    return { status: response.status, ...((await response.json()) as ErrorBody).error };
  };
  const json = { 'content-type': 'application/json' };

  test('BODY_TOO_LARGE', async () => {
    const body = JSON.stringify({ service: 'x'.repeat(LIMITS.bodyBytes) });
    expect(await send({ body, headers: json })).toMatchObject({ status: 413, code: 'BODY_TOO_LARGE' });
  });

  test('what is not JSON', async () => {
    expect(await send({ body: '{"kind":', headers: json })).toMatchObject({
      status: 400,
      code: 'INVALID_REQUEST',
    });
    expect(await send({ body: '', headers: json })).toMatchObject({ status: 400, code: 'INVALID_REQUEST' });
    expect(await send({ body: 'kind=snapshot' })).toMatchObject({ status: 400, code: 'INVALID_REQUEST' });
  });

  test('a body that wants to be a prototype', async () => {
    const body = '{"kind":"snapshot","__proto__":{"service":"trades"}}';
    expect(await send({ body, headers: json })).toMatchObject({ status: 400, code: 'INVALID_REQUEST' });
  });

  test('NOT_FOUND for a route that does not exist, inside the API and outside', async () => {
    expect(await send({}, '/nothing')).toMatchObject({
      status: 404,
      code: 'NOT_FOUND',
      message:
        'There is no POST /api/v1/nothing. GET /api/v1/openapi.json describes the API; agents connect to /agent/v1 by WebSocket.',
    });
    expect((await fetch(`${collector.url}/nothing`)).status).toBe(404);
  });

  test('INTERNAL tells nothing of what went wrong inside', async () => {
    const app = createServer({ logLevel: 'silent' });
    app.get('/', () => {
      throw new TypeError('the password is hunter2');
    });
    const { statusCode, body } = await app.inject('/');
    expect([statusCode, JSON.parse(body)]).toEqual([
      500,
      { error: { code: 'INTERNAL', message: 'The collector failed to answer; its log has the details.' } },
    ]);
    await app.close();
  });

  test('a URL that cannot be decoded', async () => {
    expect(await send({}, '/probes/%zz')).toMatchObject({ status: 400, code: 'INVALID_REQUEST' });
  });

  test.each(['/captures?limit=0', '/captures?limit=x', '/captures?after=later', '/captures?colour=red'])(
    'GET %s',
    async (path) => {
      expect(await collector.api.fail('GET', path)).toMatchObject({ status: 400, code: 'INVALID_REQUEST' });
    },
  );

  test.each([
    ['GET', '/probes/p_none', 'There is no probe p_none. GET /probes lists them.'],
    ['DELETE', '/probes/p_none', 'There is no probe p_none. GET /probes lists them.'],
    ['GET', '/captures?probe=p_none', 'There is no probe p_none. GET /probes lists them.'],
    ['GET', '/stream?probe=p_none', 'There is no probe p_none. GET /probes lists them.'],
    ['GET', '/captures/none', 'There is no capture none, or it was old enough to be deleted.'],
  ])('%s %s is NOT_FOUND', async (method, path, message) => {
    expect(await collector.api.fail(method, path)).toEqual({ status: 404, code: 'NOT_FOUND', message });
  });

  test.each(['/captures', '/probes', '/stream', '/points'])('%s of an unknown service', async (path) => {
    const query = path === '/points' ? 'service=nobody&file=risk.ts' : 'service=nobody';
    expect(await collector.api.fail('GET', `${path}?${query}`)).toMatchObject({ code: 'UNKNOWN_SERVICE' });
  });
});

describe('a file can be named', () => {
  test.each(['src/risk.ts', 'risk.ts', './src/risk.ts', 'src\\risk.ts', '/home/dev/trades/src/risk.ts'])(
    '%s',
    async (file) => {
      const probe = await collector.api.snapshot({ location: { file, line: 13 } });
      expect(probe.location).toEqual({ file: 'src/risk.ts', line: 13, column: 3 });
    },
  );

  test('by a whole path that is also the end of another', async () => {
    const files = [
      { ...RISK, path: 'risk.ts' },
      { ...RISK, path: 'src/risk.ts' },
    ];
    await collector.agent({ service: 'nested' }, makeManifest(BUILD_B, files));
    const probe = await collector.api.snapshot({
      service: 'nested',
      location: { file: 'risk.ts', line: 13 },
    });
    expect(probe.location.file).toBe('risk.ts');
  });
});

test.each([
  [undefined, 3],
  [1, 3],
  [3, 3],
  [19, 3],
  [20, 20],
  [99, 20],
])('column %s of a line with points at 3 and 20 means %i', async (column, expected) => {
  const location = { file: 'risk.ts', line: 18, ...(column !== undefined && { column }) };
  expect((await collector.api.snapshot({ location })).location.column).toBe(expected);
});

describe('points', () => {
  const points = async (query: string): Promise<readonly PointView[]> =>
    (await collector.api.get<{ points: PointView[] }>(`/points?service=trades&${query}`)).points;

  test('of a file, in order', async () => {
    const found = await points('file=risk.ts');
    expect(found.map(({ line, column }) => [line, column])).toEqual([
      [11, 3],
      [13, 3],
      [18, 3],
      [18, 20],
    ]);
  });

  test('of a line, with what is in scope there', async () => {
    expect(await points('file=risk.ts&line=13')).toEqual([
      {
        buildId: BUILD_A,
        file: 'src/risk.ts',
        line: 13,
        column: 3,
        function: 'assess',
        kind: 'function',
        form: 'twin',
        variables: ['this', 'trade', 'limits', 'score', 'config'],
      },
    ]);
  });

  test('of a line without any are refused as a probe would be', async () => {
    expect(await collector.api.fail('GET', '/points?service=trades&file=risk.ts&line=12')).toMatchObject({
      code: 'NO_CODE_AT_LINE',
      path: 'line',
      suggestions: ['src/risk.ts:11', 'src/risk.ts:13', 'src/risk.ts:18'],
    });
  });

  test('of a build by name', async () => {
    await collector.agent({}, makeManifest(BUILD_B, [PRICE]));
    expect((await points(`file=price.ts&buildId=${BUILD_A}`))[0]?.buildId).toBe(BUILD_A);
    expect((await points('file=price.ts'))[0]?.buildId).toBe(BUILD_B);
    expect((await points('file=risk.ts'))[0]?.buildId).toBe(BUILD_A);
    expect(
      await collector.api.fail('GET', '/points?service=trades&file=price.ts&buildId=none'),
    ).toMatchObject({
      code: 'UNKNOWN_BUILD',
      suggestions: expect.arrayContaining([BUILD_A, BUILD_B]) as string[],
    });
  });
});
