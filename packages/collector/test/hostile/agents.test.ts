import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { AGENT_PATH, CONTRACT_VERSION, LIMITS, PROTOCOL_VERSION } from '@dormouse/protocol';
import fc from 'fast-check';
import { Packr } from 'msgpackr';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startInnocents, type Innocents } from './support/innocents.ts';

/** What a process may try that has the agents' token, or has none. */

const CASES = Number(process.env['DORMOUSE_CASES'] ?? 25);

const packr = new Packr({ useRecords: false });
const DEFECT = 1011;

let innocents: Innocents;
let attackers = 0;

beforeAll(async () => {
  innocents = await startInnocents();
});
afterAll(() => innocents.stop());

const identity = () => ({
  instance: `attacker${++attackers}`,
  service: 'attackers',
  host: 'h',
  pid: 1,
  node: 'v24',
  runtime: '1',
  tags: {},
});

const hello = (): object => ({
  type: 'hello',
  protocol: PROTOCOL_VERSION,
  contract: CONTRACT_VERSION,
  agent: identity(),
});

async function open(): Promise<WebSocket> {
  const { url, agentToken } = innocents;
  const socket = new WebSocket(url.replace(/^http/, 'ws') + AGENT_PATH, {
    headers: { authorization: `Bearer ${agentToken}` },
  });
  socket.on('error', () => {});
  await once(socket, 'open');
  return socket;
}

const LAST = 424_242;

/** Says something, and waits until the collector has closed, or has handled all of it. @returns the code of the close, or 0 */
async function attack(frames: readonly (Buffer | string)[]): Promise<number> {
  const socket = await open();
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  // Messages are handled in their order: whoever is still listened to is answered when the others are.
  const answered = new Promise<number>((resolve) => {
    socket.on('message', (data: Buffer) => {
      const { type, batch } = packr.unpack(data) as { type: string; batch?: number };
      if (type === 'stored' && batch === LAST) resolve(0);
    });
  });
  const last = packr.pack({ type: 'captures', batch: LAST, captures: [] });
  for (const frame of [...frames, last]) socket.send(frame);
  const code = await Promise.race([answered, closed, sleep(20_000, -1, { ref: false })]);
  socket.terminate();
  expect(code, 'neither answered nor closed').not.toBe(-1);
  expect(code, 'the collector says that it has a defect').not.toBe(DEFECT);
  return code;
}

/** Names that the protocol knows, and one that JavaScript does. */
const NAMES =
  'id probe kind at hit locals stack metric series state reports type value key files buildId captures batch agent __proto__'.split(
    ' ',
  );

/** Anything that msgpack can say, some of it with the names that the protocol knows. */
const { value: anything } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, 0, -1, 2 ** 53, Number.NaN, Number.MAX_VALUE, '', 'p', '__proto__', '\u0000'),
    fc.integer(),
    fc.double(),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.uint8Array({ maxLength: 20 }),
    fc.date({ noInvalidDate: true }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...NAMES), tie('value'), { maxKeys: 6 }),
  ),
}));

const message = fc
  .record(
    {
      type: fc.constantFrom('hello', 'manifest', 'status', 'captures', 'welcome', 'stored', ''),
      protocol: fc.constantFrom(PROTOCOL_VERSION, 0, 99),
      contract: fc.integer(),
      agent: anything,
      manifest: anything,
      revision: fc.oneof(fc.nat(), anything),
      reports: fc.oneof(fc.array(anything, { maxLength: 3 }), anything),
      batch: fc.oneof(fc.nat(), anything),
      captures: fc.oneof(fc.array(anything, { maxLength: 3 }), anything),
      policy: anything,
      pause: anything,
      budget: anything,
    },
    { requiredKeys: ['type'] },
  )
  .map((value) => packr.pack(value));

const bytes = fc.uint8Array({ minLength: 1, maxLength: 200 }).map((array) => Buffer.from(array));
const damaged = fc
  .tuple(message, fc.nat(), fc.nat(255))
  .map(([packed, at, byte]) => Buffer.from(packed.with(at % packed.length, byte)));

describe('frames of any content', () => {
  test('are refused or handled, in whatever state, and nobody else notices', async () => {
    const frames = fc.array(fc.oneof(message, damaged, bytes, fc.string()), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.boolean(), frames, async (isGreeted, sent) => {
        await attack(isGreeted ? [packr.pack(hello()), ...sent] : sent);
      }),
      { numRuns: CASES },
    );
    await innocents.expectUndisturbed();
  });

  /** msgpack that is short and means much. */
  const arrays = (depth: number): Buffer => Buffer.concat([Buffer.alloc(depth, 0x91), Buffer.from([0xc0])]);
  const maps = (depth: number): Buffer =>
    Buffer.concat([
      ...Array.from({ length: depth }, () => Buffer.from([0x81, 0xa1, 0x61])),
      Buffer.from([0xc0]),
    ]);
  const head = (type: string): Buffer =>
    Buffer.concat([Buffer.from([0x82]), packr.pack('type'), packr.pack(type), packr.pack('captures')]);

  test.each<[string, () => Buffer[]]>([
    ['an array that is deeper than any stack', () => [arrays(1_000_000)]],
    ['a map that is deeper than any stack', () => [maps(300_000)]],
    [
      'depth in a message that was good so far',
      () => [packr.pack(hello()), Buffer.concat([head('captures'), arrays(500_000)])],
    ],
    ['an array that says it has four billion elements', () => [Buffer.from([0xdd, 0xff, 0xff, 0xff, 0xff])]],
    [
      'a map that says it has four billion members',
      () => [Buffer.from([0xdf, 0xff, 0xff, 0xff, 0xff, 0xc0])],
    ],
    ['a text that says it has four gigabytes', () => [Buffer.from([0xdb, 0xff, 0xff, 0xff, 0xff, 0x61])]],
    ['binary that says it has four gigabytes', () => [Buffer.from([0xc6, 0xff, 0xff, 0xff, 0xff])]],
    [
      'extensions of any type',
      () => Array.from({ length: 40 }, (_, type) => Buffer.from([0xd4, type + 90, 0x01])),
    ],
    [
      'records of msgpackr, which define classes',
      () => [Buffer.from([0xd4, 0x72, 0x40, 0x91, 0xa1, 0x61, 0x01])],
    ],
    ['gigabytes in a small gzip', () => [gzipSync(Buffer.alloc(32 * 1_048_576))]],
    ['gzip that is cut off', () => [gzipSync(packr.pack(hello())).subarray(0, 20)]],
    ['gzip in gzip', () => [gzipSync(gzipSync(packr.pack(hello())))]],
    ['more than a message may have', () => [packr.pack(hello()), Buffer.alloc(LIMITS.messageBytes + 1)]],
    [
      'more captures than a message may have',
      () => [
        packr.pack(hello()),
        packr.pack({ type: 'captures', batch: 1, captures: Array.from({ length: 100_001 }, () => 0) }),
      ],
    ],
    [
      'captures that are no captures',
      () => [
        packr.pack(hello()),
        packr.pack({
          type: 'captures',
          batch: 1,
          captures: Array.from({ length: 10_000 }, () => ({ id: 'x' })),
        }),
      ],
    ],
    [
      'captures of the probes of others',
      () => [
        packr.pack(hello()),
        packr.pack({
          type: 'captures',
          batch: 1,
          captures: [{ id: 'x', probe: 'p_none', kind: 'snapshot', at: 1, hit: 1, tookUs: 1 }],
        }),
      ],
    ],
    ['nothing', () => [Buffer.alloc(0)]],
    ['two hellos', () => [packr.pack(hello()), packr.pack(hello())]],
    ['a status before the hello', () => [packr.pack({ type: 'status', revision: 1, reports: [] })]],
    [
      'members that are prototypes',
      () => [
        packr.pack(new Map([['__proto__', { type: 'hello' }]])),
        packr.pack(JSON.parse('{"__proto__":{"type":"hello"},"constructor":1}')),
      ],
    ],
  ])('%s', async (_what, frames) => {
    await Promise.all([attack(frames()), innocents.expectUndisturbed()]);
    expect(({} as { type?: unknown }).type).toBeUndefined();
  });
});

describe('connections of any kind', () => {
  const http = (path: string, lines: readonly string[] = []): string =>
    [
      `GET ${path} HTTP/1.1`,
      'host: x',
      'connection: Upgrade',
      'upgrade: websocket',
      'sec-websocket-version: 13',
      'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
      `authorization: Bearer ${innocents.agentToken}`,
      ...lines,
      '',
      '',
    ].join('\r\n');

  async function raw(
    text: string | Buffer,
  ): Promise<{ readonly socket: Socket; readonly said: () => string }> {
    const { hostname, port } = new URL(innocents.url);
    const socket = connect(Number(port), hostname);
    let said = '';
    socket.on('error', () => {}).on('data', (data) => (said += data.toString('latin1')));
    await once(socket, 'connect');
    socket.write(text);
    return { socket, said: () => said };
  }

  test.each([
    ['/agent/v1/../../api/v1/services', 404],
    ['//evil', 404],
    [`/${'a'.repeat(8_000)}`, 404],
    ['/%00', 404],
    ['http://other/agent', 404],
    // A door of people's, which agents' tokens do not open.
    ['/api/v1/stream', 403],
  ])('an upgrade to %s is refused', async (path, status) => {
    const { socket, said } = await raw(http(path));
    await expect.poll(said, { timeout: 5_000 }).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    socket.destroy();
    await innocents.expectUndisturbed();
  });

  test('half-open ones, those that say nothing and those that break off wait for nobody', async () => {
    const sockets = await Promise.all([
      ...Array.from({ length: 20 }, () => raw('')),
      ...Array.from({ length: 20 }, () => raw('GET / HT')),
      ...Array.from({ length: 20 }, () => raw(http(AGENT_PATH))),
      ...Array.from({ length: 20 }, () =>
        raw(Buffer.concat([Buffer.from(http(AGENT_PATH)), Buffer.from([0x82, 0xff, 0, 0])])),
      ),
      ...Array.from({ length: 5 }, () => raw(Buffer.alloc(100_000, 0x16))),
    ]);
    await innocents.expectUndisturbed();
    for (const [index, { socket }] of sockets.entries()) {
      if (index % 2 === 0) socket.resetAndDestroy();
      else socket.end();
    }
    await innocents.expectUndisturbed();
  });

  test('frames that no WebSocket may send close the connection', async () => {
    const frames = [
      [0x82, 0x05, 1, 2, 3, 4, 5],
      [0xf2, 0x80, 0, 0, 0, 0],
      [0x8f, 0x80, 0, 0, 0, 0],
      [0x80, 0x80, 0, 0, 0, 0],
      [0x89, 0xfe, 0x01, 0x00, 0, 0, 0, 0],
      [0x82, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0],
    ];
    for (const frame of frames) {
      const { socket, said } = await raw(http(AGENT_PATH));
      await expect.poll(said).toContain('101 Switching');
      socket.write(Buffer.from(frame));
      await once(socket, 'end').catch(() => undefined);
      socket.destroy();
    }
    await innocents.expectUndisturbed();
  });

  test('one that reads nothing is not waited for', async () => {
    const socket = await open();
    socket.send(packr.pack({ ...hello(), agent: { ...identity(), service: 'trades' } }));
    await once(socket, 'message');
    socket.pause();
    for (let round = 0; round < 3; round++) await innocents.expectUndisturbed();
    socket.terminate();
  });
});
