import { Readable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import {
  API_PREFIX,
  type CaptureComparison,
  type CaptureFileLine,
  type CaptureView,
  type ErrorBody,
  type ImportDetails,
  type ImportView,
  type ProbeView,
} from '@dormouse/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { LinesError, linesOf } from '../../src/captures/file/lines.ts';
import type { TestAgent } from '../support/agent.ts';
import { openCollector, type TestCollector } from '../support/collector.ts';
import { EventStream } from '../support/event-stream.ts';
import { MANIFEST_A } from '../support/manifest.ts';

let collector: TestCollector;
let agent: TestAgent;
let probe: ProbeView;

beforeEach(async () => {
  collector = await openCollector();
  agent = await collector.agent({}, MANIFEST_A);
  probe = await collector.api.snapshot({ limits: { hits: 1_000 } });
});

async function send(to: TestCollector, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${to.adminToken}`, ...(init.headers as Record<string, string>) };
  return fetch(`${to.url}${API_PREFIX}${path}`, { ...init, headers });
}

const exported = async (from: TestCollector, query = ''): Promise<string> =>
  (await send(from, `/captures/export?${query}`)).text();

async function bringIn(to: TestCollector, body: string | Buffer, type = 'application/x-ndjson') {
  const answer = await send(to, '/imports', { method: 'POST', headers: { 'content-type': type }, body });
  return { status: answer.status, body: (await answer.json()) as ImportDetails & ErrorBody };
}

const linesIn = (file: string): CaptureFileLine[] =>
  file
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as CaptureFileLine);

const deliver = (count: number): Promise<void> =>
  agent.deliver(Array.from({ length: count }, () => agent.capture(probe.id)));

describe('an export', () => {
  test('is one JSON value a line: a header, builds and probes before their captures, and an end', async () => {
    await deliver(230);
    const [header, build, described, ...rest] = linesIn(await exported(collector));
    expect(header).toMatchObject({ format: 'dormouse-captures', version: 1 });
    expect(build).toMatchObject({ build: { buildId: MANIFEST_A.buildId, service: 'trades', functions: 2 } });
    expect(described).toMatchObject({ probe: { id: probe.id, location: { line: 13 } } });
    const captures = rest.slice(0, -1) as { capture: CaptureView }[];
    expect(captures.map(({ capture }) => capture.hit)).toEqual(Array.from({ length: 230 }, (_, n) => n + 1));
    expect(rest.at(-1)).toEqual({ end: { captures: 230 } });
  });

  test('has what is asked for, and is packed for those who take it', async () => {
    await deliver(3);
    const answer = await send(collector, `/captures/export?where=score%20%3E%2040&probe=${probe.id}`, {
      headers: { 'accept-encoding': 'identity' },
    });
    expect(answer.headers.get('content-encoding')).toBeNull();
    expect(linesIn(await answer.text())).toHaveLength(7);
    const packed = await send(collector, '/captures/export', { headers: { 'accept-encoding': 'gzip' } });
    expect(packed.headers.get('content-encoding')).toBe('gzip');
    expect(linesIn(await exported(collector, 'where=score%20%3C%2040'))).toEqual([
      expect.objectContaining({ version: 1 }),
      { end: { captures: 0 } },
    ]);
    expect((await send(collector, '/captures/export?where=score')).status).toBe(200);
    expect((await send(collector, '/captures/export?where=score%20is')).status).toBe(422);
  });
});

describe('an import', () => {
  test('keeps captures elsewhere as what they are: marked, and apart from those of processes', async () => {
    await deliver(2);
    const file = await exported(collector);
    const elsewhere = await openCollector();
    const stream = await EventStream.open(elsewhere);
    const { status, body } = await bringIn(elsewhere, file);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      captures: 2,
      hidden: 0,
      probes: [{ id: probe.id }],
      builds: [{ service: 'trades' }],
    });
    const { captures } = await elsewhere.api.get<{ captures: CaptureView[] }>(`/captures?import=${body.id}`);
    const [live] = (await collector.api.get<{ captures: CaptureView[] }>('/captures')).captures;
    expect(captures[0]).toEqual({
      ...live,
      id: `${body.id}-1`,
      cursor: '1',
      imported: { import: body.id, id: live!.id },
    });
    expect(await elsewhere.api.get(`/captures/${body.id}-2`)).toMatchObject({ hit: 2, probe: probe.id });
    expect(await elsewhere.api.get('/captures')).toMatchObject({ captures: [] });
    expect(await elsewhere.api.get('/probes')).toEqual({ probes: [] });
    expect(stream.ids).toEqual([]);
    stream.close();
    expect(await elsewhere.api.get('/imports')).toMatchObject({ imports: [{ id: body.id, captures: 2 }] });

    await elsewhere.api.expect('DELETE', `/imports/${body.id}`);
    expect(await elsewhere.api.get('/imports')).toEqual({ imports: [] });
    expect(await elsewhere.api.fail('GET', `/captures/${body.id}-1`)).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('is written down without what was in it', async () => {
    await deliver(1);
    const { body } = await bringIn(collector, await exported(collector));
    const { records } = await collector.api.get<{ records: { operation: string; request?: unknown }[] }>(
      '/audit',
    );
    const record = records.find(({ operation }) => operation === 'importCaptures');
    expect(record).toMatchObject({ outcome: 'ok' });
    expect(JSON.stringify(record).length).toBeLessThan(1_500);
    expect(JSON.stringify(record)).not.toContain(collector.adminToken);
    expect(body.id).toMatch(/^import_/);
    const wrong = await bringIn(collector, '{}', 'application/json');
    expect(wrong.body.error).toMatchObject({ code: 'INVALID_REQUEST' });
  });

  test('cannot take the place of what is here, nor be counted with it, and is compared with it', async () => {
    await deliver(1);
    const { body } = await bringIn(collector, gzipSync(await exported(collector)), 'application/gzip');
    await deliver(1);
    const { captures } = await collector.api.get<{ captures: CaptureView[] }>('/captures');
    expect(captures.map(({ hit, imported }) => [hit, imported])).toEqual([
      [1, undefined],
      [2, undefined],
    ]);
    expect(await collector.api.get(`/probes/${probe.id}`)).toMatchObject({ hits: 2 });
    const comparison = await collector.api.get<CaptureComparison>(
      `/captures/${body.id}-1/differences?to=${captures[1]!.id}`,
    );
    expect(comparison).toMatchObject({ differences: [], same: 1 });
  });

  test('can be exported again, with what it was', async () => {
    await deliver(1);
    const first = await exported(collector);
    const { body } = await bringIn(collector, first);
    await collector.api.expect('DELETE', `/probes/${probe.id}`);
    const again = linesIn(await exported(collector, `import=${body.id}`));
    expect(again.slice(1, 3)).toEqual(linesIn(first).slice(1, 3));
    expect(again[3]).toMatchObject({ capture: { imported: { id: expect.stringMatching(/-1$/) as string } } });
    expect((await bringIn(collector, again.map((line) => JSON.stringify(line)).join('\n'))).status).toBe(201);
  });

  test('shows nothing that the rules of here hide', async () => {
    await deliver(1);
    const file = await exported(collector);
    const elsewhere = await openCollector();
    await elsewhere.api.expect('PUT', '/policy', { redaction: { names: ['score'] } });
    const { body } = await bringIn(elsewhere, file);
    expect(body.hidden).toBe(1);
    expect(await elsewhere.api.get(`/captures/${body.id}-1`)).toMatchObject({
      hidden: 1,
      locals: [{ key: 'score', value: { type: 'redacted', rule: 'name' } }],
    });
  });
});

describe('a file is refused whole, with what is wrong and where', () => {
  const change = (file: string, line: number, to: (line: string) => string): string =>
    file
      .split('\n')
      .map((text, index) => (index === line - 1 ? to(text) : text))
      .join('\n');

  const VALUE = '{"type":"number","value":41}';
  const nested = (depth: number): string =>
    '{"type":"array","class":"Array","length":1,"items":['.repeat(depth) + VALUE + ']}'.repeat(depth);

  test.each<[string, (file: string) => string | Buffer, RegExp]>([
    ['a foreign one', () => '{"resourceSpans":[]}\n', /^This is no file of captures/],
    ['an empty one', () => '', /^This is no file of captures/],
    ['one that is no text', () => Buffer.alloc(1_000, 7), /^This is no file of captures/],
    [
      'a newer one',
      (file) => file.replace('"version":1', '"version":2'),
      /^The file is of version 2, and this/,
    ],
    ['a line that is cut', (file) => change(file, 5, (line) => line.slice(0, 100)), /^Line 5 is damaged/],
    [
      'a value of no known type',
      (file) => change(file, 4, (line) => line.replace('"type":"number"', '"type":"spell"')),
      /^Line 4 is damaged: locals\[0\]\.value/,
    ],
    [
      'a line of something else',
      (file) => change(file, 6, () => '{"note":1}'),
      /^Line 6 is damaged: it is no JSON/,
    ],
    ['one that was cut', (file) => file.slice(0, file.lastIndexOf('{"end"')), /ends after line 6/],
    [
      'one with a line missing',
      (file) => change(file, 5, (line) => line && '').replace('\n\n', '\n'),
      /has 2: a part/,
    ],
    ['one with more behind the end', (file) => `${file}{}`, /^Line 8 is damaged: there is more/],
    ['a packed one that was cut', (file) => gzipSync(file).subarray(0, -20), /^It cannot be unpacked/],
    [
      'one that is nested more deeply than a process captures',
      (file) => change(file, 4, (line) => line.replace(VALUE, nested(100))),
      /nested more deeply than any process captures/,
    ],
    [
      'one that is nested more deeply than any stack',
      (file) => change(file, 4, (line) => line.replace(VALUE, nested(60_000))),
      /^Line 4 is damaged: it is nested too deeply/,
    ],
    [
      'a moment that is none',
      (file) => change(file, 4, (line) => line.replace(/"at":\d+/, '"at":1e308')),
      /^Line 4 is damaged: at/,
    ],
    [
      'gigabytes in a small gzip',
      (file) => gzipSync(Buffer.concat([Buffer.from(file.slice(0, -30)), Buffer.alloc(64 * 1_048_576, ' ')])),
      /longer than \d+ bytes/,
    ],
  ])('%s', async (_what, damage, message) => {
    await deliver(3);
    const { status, body } = await bringIn(collector, damage(await exported(collector)));
    expect(status).toBe(422);
    expect(body.error).toMatchObject({
      code: 'INVALID_FILE',
      message: expect.stringMatching(message) as string,
    });
    expect(body.error.message).toMatch(/Nothing was imported\.$/);
    expect((await collector.api.get<{ imports: ImportView[] }>('/imports')).imports).toEqual([]);
  });
});

describe('lines of a stream', () => {
  async function read(
    chunks: readonly Buffer[],
    limits = { bytes: 1e6, lineBytes: 1_000 },
  ): Promise<string[]> {
    const lines: string[] = [];
    for await (const line of linesOf(Readable.from(chunks), limits)) lines.push(line);
    return lines;
  }

  test('are the same however it is cut, packed or not', async () => {
    const text = Buffer.from('ä\n\nlonger line €\nlast');
    const expected = ['ä', '', 'longer line €', 'last'];
    for (const bytes of [text, gzipSync(text)]) {
      for (const size of [1, 3, 1_000]) {
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
          bytes.subarray(index * size, (index + 1) * size),
        );
        expect(await read(chunks)).toEqual(expected);
      }
    }
    expect(gunzipSync(gzipSync(text))).toEqual(text);
  });

  test('are refused where they are too long, or too many', async () => {
    const long = Buffer.alloc(1_500, 'x');
    await expect(read([Buffer.from('a\n'), long])).rejects.toMatchObject({ line: 2 });
    await expect(read([gzipSync(Buffer.alloc(2_000_000, '\n'))])).rejects.toThrow(LinesError);
    await expect(read([gzipSync(Buffer.alloc(2_000_000, '\n'))])).rejects.toThrow('more than 1000000 bytes');
  });
});
