import { connect } from 'node:net';
import { once } from 'node:events';
import { API_PREFIX, type ErrorBody } from '@dormouse/protocol';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OPERATIONS } from '../../src/operations/operations.ts';
import { errorBody } from '../../src/schemas/views.ts';
import { ATTACKED, startInnocents, type Innocents } from './support/innocents.ts';

/** What somebody may try who speaks HTTP, with a token or without one. */

const CASES = Number(process.env['DORMOUSE_CASES'] ?? 4);

let innocents: Innocents;

beforeAll(async () => {
  innocents = await startInnocents();
});
afterAll(() => innocents.stop());

const OWN_TEXTS = [
  'trades',
  'src/risk.ts',
  'p_none',
  'snapshot',
  'score > 1',
  '*',
  '../..',
  '%00',
  '\u202e',
  '__proto__',
];
const text = fc.oneof(fc.constantFrom(...OWN_TEXTS), fc.string({ unit: 'binary', maxLength: 30 }));

const NAMES = `
  id kind service location file line function condition watches template limits hits target instances share name email role
  deny redaction patterns on reason revision url events sequence hash place value __proto__ constructor
`
  .trim()
  .split(/\s+/);

const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.constantFrom(null, true, 0, -1, 1e308, 2 ** 53, 0.5),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...NAMES), tie('json'), { maxKeys: 6 }),
  ),
}));

/** Addresses cannot have half a character. */
const wellFormed = (text: string): string => text.replaceAll(/\p{Cs}/gu, '\ufffd');

/** Every answer is a success or says in the documented words what was wrong; none is a defect. */
async function ask(method: string, path: string, init: RequestInit = {}): Promise<number> {
  const response = await fetch(`${innocents.url}${path}`, {
    method,
    redirect: 'manual',
    ...init,
    headers: {
      authorization: `Bearer ${innocents.everything}`,
      'dormouse-environment': ATTACKED,
      ...init.headers,
    },
    signal: AbortSignal.timeout(10_000),
  });
  const answer = await response.text();
  const what = `${method} ${path} ${String(init.body).slice(0, 500)} → ${response.status} ${answer.slice(0, 300)}`;
  expect(response.headers.get('x-content-type-options'), what).toBe('nosniff');
  if (response.status < 400) return response.status;
  expect(response.headers.get('content-type'), what).toContain('application/json');
  const body = JSON.parse(answer) as ErrorBody;
  expect(errorBody.safeParse(body).success, what).toBe(true);
  expect(body.error.code, what).not.toBe('INTERNAL');
  return response.status;
}

describe('every operation', () => {
  /** Those that wait, and those that would lock the innocent out. */
  const LEFT_OUT = new Set(['waitForProbe', 'setKillSwitch', 'putPolicy']);

  test.each(
    OPERATIONS.filter(({ name }) => !LEFT_OUT.has(name)).map(
      (operation) => [operation.name, operation] as const,
    ),
  )('%s answers whatever it is asked', async (_name, { method, path }) => {
    const parameters = Array.from(path.matchAll(/:\w+/g));
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { minLength: parameters.length, maxLength: parameters.length }),
        fc.dictionary(fc.constantFrom(...NAMES, 'limit', 'after', 'order', 'chain', 'from', 'to'), text, {
          maxKeys: 3,
        }),
        json,
        async (values, query, body) => {
          let index = 0;
          const filled = path.replace(/:\w+/g, () => encodeURIComponent(wellFormed(values[index++] ?? '')));
          const pairs = Object.entries(query).map(([name, value]): [string, string] => [
            name,
            wellFormed(value),
          ]);
          const search = new URLSearchParams(pairs);
          await ask(method, `${API_PREFIX}${filled}?${search}`, {
            ...(method !== 'GET' && {
              body: JSON.stringify(body) ?? 'null',
              headers: { 'content-type': 'application/json' },
            }),
          });
        },
      ),
      { numRuns: CASES },
    );
  });

  test('places no probe whose expressions are none, and says what is wrong with them', async () => {
    const expression = fc.oneof(
      text,
      fc
        .array(
          fc.constantFrom(
            ...'score . [ ] ( ) { } + - * ! ? : => = == \u0060 ${ " \\ / , ; new this await 1e9 0x'.split(
              ' ',
            ),
          ),
          {
            maxLength: 12,
          },
        )
        .map((parts) => parts.join(' ')),
    );
    await fc.assert(
      fc.asyncProperty(expression, expression, async (condition, template) => {
        const body = {
          kind: 'log',
          service: 'trades',
          location: { file: 'src/risk.ts', line: 13 },
          condition,
          template,
        };
        const answer = await innocents.api.request<{ id?: string }>('POST', '/probes', body);
        expect([201, 400, 422]).toContain(answer.status);
        if (answer.body.id !== undefined) await innocents.api.expect('DELETE', `/probes/${answer.body.id}`);
      }),
      { numRuns: 20 * CASES },
    );
  });

  test('has left the innocent alone', () => innocents.expectUndisturbed());
});

describe('bodies of any shape', () => {
  const nested = (depth: number, open: string, close: string): string =>
    open.repeat(depth) + '1' + close.repeat(depth);

  test.each([
    ['arrays deeper than any stack', nested(100_000, '[', ']'), 'application/json'],
    ['objects deeper than any stack', nested(30_000, '{"a":', '}'), 'application/json'],
    [
      'depth where a probe is expected',
      `{"kind":"snapshot","service":"trades","location":${nested(30_000, '{"file":', '}')}}`,
      'application/json',
    ],
    [
      'a condition of brackets',
      JSON.stringify({
        kind: 'snapshot',
        service: 'trades',
        location: { file: 'src/risk.ts', line: 13 },
        condition: nested(50_000, '(', ')'),
      }),
      'application/json',
    ],
    [
      'a condition of operators',
      JSON.stringify({
        kind: 'snapshot',
        service: 'trades',
        location: { file: 'src/risk.ts', line: 13 },
        condition: '!'.repeat(100_000),
      }),
      'application/json',
    ],
    ['a prototype', '{"__proto__":{"kind":"snapshot"},"constructor":{"prototype":{}}}', 'application/json'],
    ['no JSON', '{"kind":', 'application/json'],
    ['nothing', '', 'application/json'],
    ['a form', 'kind=snapshot', 'application/x-www-form-urlencoded'],
    ['text', '{}', 'text/plain'],
    ['no type that there is', '{}', ';;;'],
    ['too much', `"${'x'.repeat(300_000)}"`, 'application/json'],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22]), 'application/json'],
  ])('%s are refused', async (_what, body, type) => {
    const status = await ask('POST', `${API_PREFIX}/probes`, { body, headers: { 'content-type': type } });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(({} as { kind?: unknown }).kind).toBeUndefined();
    await innocents.expectUndisturbed();
  });
});

describe('paths of any shape', () => {
  const PATHS = [
    `${API_PREFIX}/../../etc/passwd`,
    `${API_PREFIX}/..%2f..%2fetc%2fpasswd`,
    `${API_PREFIX}/captures/..%2f..%2fservices`,
    `${API_PREFIX}/captures/%2e%2e/%2e%2e/services`,
    `${API_PREFIX}//services`,
    `${API_PREFIX}/services/`,
    `${API_PREFIX}/SERVICES`,
    `${API_PREFIX}/probes/%00`,
    `${API_PREFIX}/probes/%`,
    `${API_PREFIX}/probes/${'a'.repeat(5_000)}`,
    '//127.0.0.1/api/v1/services',
    '/..\\..\\windows\\win.ini',
    '/assets/../../package.json',
    '/assets/%2e%2e/%2e%2e/package.json',
    '/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
    '/assets/..%2f..%2fpackage.json',
    '/.git/config',
    '/collector.db',
    '/audit-key.pem',
  ];

  /** As it stands: clients would tidy it up. */
  async function raw(path: string): Promise<string> {
    const { hostname, port } = new URL(innocents.url);
    const socket = connect(Number(port), hostname);
    let said = '';
    socket.on('error', () => {}).on('data', (data) => (said += data.toString('latin1')));
    socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
    await once(socket, 'close');
    return said;
  }

  test.each(PATHS)('%s shows nothing to somebody without a token', async (path) => {
    const said = await raw(path);
    expect(said).toMatch(/^HTTP\/1\.1 (4\d\d|200|30\d) /);
    expect(said).not.toMatch(/root:|"services":|"version":|PRIVATE KEY|SQLite format|\[core\]/);
    if (path.startsWith(API_PREFIX)) expect(said).toMatch(/^HTTP\/1\.1 4\d\d /);
  });

  test('have left the innocent alone, and no name of theirs among the figures', async () => {
    await innocents.expectUndisturbed();
    const headers = { authorization: `Bearer ${innocents.everything}` };
    const figures = await (await fetch(`${innocents.url}/metrics`, { headers })).text();
    const routes = new Set(Array.from(figures.matchAll(/route="([^"]*)"/g), ([, route]) => route));
    expect(routes.has('none')).toBe(true);
    expect([...routes].filter((route) => /passwd|win\.ini|\.git|%/.test(route!))).toEqual([]);
  });
});

describe('guessed tokens', () => {
  test('let nobody in, however near they are, and say nothing that helps', async () => {
    const { adminToken, agentToken } = innocents;
    const swapped = adminToken.slice(1) + adminToken[0]!;
    const near = [
      adminToken.slice(0, -1),
      `${adminToken}0`,
      adminToken.toUpperCase(),
      swapped,
      `${adminToken}\u00e9`,
      agentToken,
      '',
      ' ',
      'null',
      'undefined',
      "' or 1=1 --",
      `dma_${'0'.repeat(49)}`,
      'x'.repeat(10_000),
    ];
    const answers = new Set<string>();
    for (const token of near) {
      for (const authorization of [`Bearer ${token}`, `bearer  ${token} x`, `Basic ${token}`, token]) {
        const headers = new Headers();
        try {
          headers.set('authorization', authorization);
        } catch {
          continue;
        }
        const response = await fetch(`${innocents.url}${API_PREFIX}/services`, { headers });
        expect([401, 403, 429, 431], authorization.slice(0, 80)).toContain(response.status);
        const answer = await response.text();
        expect(answer).not.toContain(adminToken);
        answers.add(answer);
      }
    }
    expect(answers.size).toBeLessThan(10);
    await innocents.expectUndisturbed();
  });

  test('in numbers are answered briefly, and a right token at any time', async () => {
    const guess = async (): Promise<number> => {
      const headers = { authorization: `Bearer dma_${Math.random()}` };
      return (await fetch(`${innocents.url}${API_PREFIX}/services`, { headers })).status;
    };
    const statuses = await Promise.all(Array.from({ length: 200 }, guess));
    expect(new Set(statuses)).toEqual(new Set([429]));
    await innocents.expectUndisturbed();
  });
});
