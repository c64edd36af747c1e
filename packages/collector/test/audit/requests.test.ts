import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditPage, AuditRecord, AuditVerification } from '@dormouse/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TestAgent } from '../support/agent.ts';
import { TestApi } from '../support/api.ts';
import { openCollector, type TestCollector } from '../support/collector.ts';
import { EventStream } from '../support/event-stream.ts';
import { MANIFEST_A } from '../support/manifest.ts';

let collector: TestCollector;
let agent: TestAgent;

/** What a database needs that several collectors share. */
let folder: string;
let auditKey: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dormouse-audit-'));
  auditKey = join(folder, 'key.pem');
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(auditKey, privateKey.export({ format: 'pem', type: 'pkcs8' }));
});
afterAll(() => rmSync(folder, { recursive: true }));

beforeEach(async () => {
  collector = await openCollector({ auditKey });
  agent = await collector.agent({}, MANIFEST_A);
});

async function records(query = ''): Promise<readonly AuditRecord[]> {
  return (await collector.api.get<AuditPage>(`/audit?${query}`)).records;
}

const soon = { interval: 20 };

async function only(query: string): Promise<AuditRecord> {
  await expect.poll(async () => (await records(query)).length, soon).toBe(1);
  return (await records(query))[0]!;
}

describe('a change', () => {
  test('is in the trail when it is answered: who, what, where, to what', async () => {
    const before = Date.now();
    const { id } = await collector.api.snapshot({ condition: 'score > 40', limits: { hits: 3 } });
    const record = (await records('operation=createProbe'))[0]!;
    expect(record).toMatchObject({
      caller: { kind: 'token', address: '127.0.0.1' },
      door: 'http',
      operation: 'createProbe',
      environment: 'default/default/default',
      request: {
        kind: 'snapshot',
        service: 'trades',
        location: { file: 'src/risk.ts', line: 13 },
        condition: 'score > 40',
        limits: { hits: 3 },
      },
      outcome: 'ok',
    });
    expect(record.targets).toEqual(expect.arrayContaining([id, 'trades']));
    expect(record.at).toBeGreaterThanOrEqual(before);
    expect((await records(`target=${id}`)).map(({ operation }) => operation)).toEqual(['createProbe']);
    expect(JSON.stringify(record)).not.toContain(collector.adminToken);
  });

  test('that is refused is there as well, with the reason', async () => {
    await collector.api.refuse({ location: { file: 'none.ts', line: 1 } });
    await collector.api.refuse({ limits: { hits: 'many' as unknown as number } });
    await collector.api.fail('DELETE', '/probes/none');
    await expect.poll(async () => (await records('caller=admin')).length, soon).toBe(3);
    const [removed, invalid, unknown] = await records('caller=admin');
    expect(unknown).toMatchObject({ operation: 'createProbe', outcome: 'refused', code: 'UNKNOWN_FILE' });
    expect(invalid).toMatchObject({ operation: 'createProbe', outcome: 'refused', code: 'INVALID_REQUEST' });
    expect(removed).toMatchObject({
      operation: 'removeProbe',
      outcome: 'refused',
      code: 'NOT_FOUND',
      targets: ['none'],
    });
  });

  test('by an AI agent has its door', async () => {
    const { id } = await collector.api.snapshot();
    const headers = { authorization: `Bearer ${collector.adminToken}`, 'user-agent': 'dormouse-mcp/1' };
    await fetch(`${collector.url}/api/v1/probes/${id}`, { method: 'DELETE', headers });
    expect(await only('operation=removeProbe')).toMatchObject({ door: 'mcp', targets: [id] });
  });
});

describe('captured values', () => {
  const secret = 'a-value-that-was-captured';

  test('that are read are counted, and never written down', async () => {
    const { id } = await collector.api.snapshot();
    await agent.deliver([agent.capture(id, { message: secret }), agent.capture(id)]);
    await collector.api.get(`/captures?probe=${id}`);
    expect(await only('operation=listCaptures')).toMatchObject({
      outcome: 'ok',
      targets: [id],
      details: { captures: 2 },
    });
    expect(JSON.stringify(await records())).not.toContain(secret);
  });

  test('that are followed leave a begin, and an end with how many there were', async () => {
    const { id } = await collector.api.snapshot();
    const stream = await EventStream.open(collector, `probe=${id}`);
    expect(await only('operation=stream')).toMatchObject({ outcome: 'begun', targets: [id] });
    await agent.deliver([agent.capture(id), agent.capture(id)]);
    await expect.poll(() => stream.ids.length, soon).toBeGreaterThanOrEqual(2);
    stream.close();
    await expect.poll(async () => (await records('operation=stream')).length, soon).toBe(2);
    const [end, begin] = await records('operation=stream');
    expect(end).toMatchObject({ outcome: 'ok', requestId: begin!.requestId });
    expect((end!.details as { capture: number }).capture).toBeGreaterThanOrEqual(1);
  });
});

test('files with captured values leave a record as well, whichever way they go', async () => {
  const { id } = await collector.api.snapshot();
  const secret = 'a-value-that-was-captured';
  await agent.deliver([agent.capture(id, { message: secret })]);
  const headers = { authorization: `Bearer ${collector.adminToken}` };
  const exported = await fetch(`${collector.url}/api/v1/captures/export?probe=${id}`, { headers });
  const file = await exported.text();
  expect(file).toContain(secret);
  expect(await only('operation=exportCaptures')).toMatchObject({ outcome: 'ok', targets: [id] });
  await fetch(`${collector.url}/api/v1/imports`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/x-ndjson' },
    body: file,
  });
  const { request } = await only('operation=importCaptures');
  expect(request).toEqual({});
  expect(JSON.stringify(await records())).not.toContain(secret);
});

test('plain questions leave nothing, unless they are forbidden', async () => {
  await collector.api.get('/services');
  await collector.api.get('/probes');
  expect(await records('caller=admin')).toEqual([]);
});

test('processes join and leave', async () => {
  const { instance } = agent.identity;
  expect(await only('operation=agent.joined')).toMatchObject({
    caller: { kind: 'agent', id: instance, name: 'trades', address: '127.0.0.1' },
    door: 'agent',
    environment: 'default/default/default',
    details: { buildId: MANIFEST_A.buildId },
  });
  await agent.disconnect();
  expect(await only('operation=agent.left')).toMatchObject({ targets: ['trades', instance] });
});

test('what the collector does by itself is its own', async () => {
  const { id } = await collector.api.snapshot({ limits: { hits: 1 } });
  await agent.deliver([agent.capture(id)]);
  expect(await only('operation=probe.ended')).toMatchObject({
    caller: { kind: 'system' },
    door: 'collector',
    targets: [id, 'trades'],
    details: { cause: 'hitLimit' },
  });
});

test('what is done to the directory is in the trail of the organisation that it is about', async () => {
  const { token, secret } = await collector.api.expect<{ token: { id: string }; secret: string }>(
    'POST',
    '/tokens',
    {
      name: 'ci',
      place: 'default/default/default',
      role: 'debugger',
    },
  );
  const made = await only('operation=createToken');
  expect(made).toMatchObject({
    environment: 'default/default/default',
    request: { name: 'ci', place: 'default/default/default', role: 'debugger' },
    outcome: 'ok',
  });
  expect(made.targets).toContain(token.id);
  expect(JSON.stringify(made)).not.toContain(secret);

  await new TestApi(collector.url, secret).fail('GET', '/audit');
  expect(await only('operation=listAudit&caller=ci')).toMatchObject({
    caller: { kind: 'token', id: token.id, name: 'ci' },
    outcome: 'refused',
    code: 'FORBIDDEN',
  });
});

test('an admin of one environment sees its records, and not the whole trail', async () => {
  const { secret } = await collector.api.expect<{ secret: string }>('POST', '/tokens', {
    name: 'env admin',
    place: 'default/default/default',
    role: 'admin',
  });
  await collector.api.expect('POST', '/places', { place: 'default/default/other' });
  const api = new TestApi(collector.url, secret);
  const { records: seen } = await api.get<AuditPage>('/audit?limit=1000');
  expect(new Set(seen.map(({ environment }) => environment))).toEqual(new Set(['default/default/default']));
  for (const path of ['/audit/head', '/audit/verification', '/audit?chain=collector']) {
    expect((await api.fail('GET', path)).code, path).toBe('FORBIDDEN');
  }
});

describe('the chain of the collector', () => {
  test('has who did not get in, one by one as long as they are few', async () => {
    const guesser = new TestApi(collector.url, 'dma_guess');
    for (let guess = 0; guess < 30; guess++) await guesser.fail('GET', '/services');
    await expect
      .poll(async () => (await records('chain=collector&operation=signIn.failed')).length, soon)
      .toBe(10);
    const [failed] = await records('chain=collector&operation=signIn.failed');
    expect(failed).toMatchObject({
      caller: { kind: 'nobody', address: '127.0.0.1' },
      outcome: 'refused',
      code: 'UNAUTHENTICATED',
    });
    expect(JSON.stringify(failed)).not.toContain('guess');
  });

  test('has starts', async () => {
    expect(await only('chain=collector&operation=collector.started')).toMatchObject({
      caller: { kind: 'system' },
      details: { hasTls: false, choseTokens: true },
    });
  });
});

describe('the trail', () => {
  test('is paged in both orders', async () => {
    for (let round = 0; round < 5; round++) await collector.api.snapshot();
    const all = (await records('operation=createProbe')).map(({ sequence }) => sequence);
    expect(all).toHaveLength(5);
    const first = await collector.api.get<AuditPage>('/audit?operation=createProbe&limit=2');
    expect(first.records.map(({ sequence }) => sequence)).toEqual(all.slice(0, 2));
    const next = await collector.api.get<AuditPage>(
      `/audit?operation=createProbe&limit=2&after=${first.next}`,
    );
    expect(next.records.map(({ sequence }) => sequence)).toEqual(all.slice(2, 4));
    const oldest = await records('operation=createProbe&order=oldest&limit=2');
    expect(oldest.map(({ sequence }) => sequence)).toEqual(all.toReversed().slice(0, 2));
  });

  test('verifies itself, and against an anchor', async () => {
    await collector.api.snapshot();
    const { head } = await collector.api.get<{ head: AuditVerification['head'] }>('/audit/head');
    expect(head.sequence).toBeGreaterThan(0);
    await collector.api.snapshot();
    const anchor = `${head.sequence}:${head.hash}`;
    const verification = await collector.api.get<AuditVerification>(`/audit/verification?anchor=${anchor}`);
    expect(verification).toMatchObject({ intact: true });
    expect(verification.records).toBeGreaterThan(head.sequence);
    const wrong = await collector.api.get<AuditVerification>(
      `/audit/verification?anchor=${head.sequence}:${'0'.repeat(64)}`,
    );
    expect(wrong).toMatchObject({ intact: false, broken: { sequence: head.sequence, fault: 'changed' } });
    expect((await collector.api.fail('GET', '/audit/verification?anchor=1:x')).code).toBe('INVALID_REQUEST');
  });

  test('drops what is kept elsewhere, and says so', async () => {
    for (let round = 0; round < 3; round++) await collector.api.snapshot();
    const [last, before] = await records('operation=createProbe');
    const { sequence, hash } = before!;
    expect(
      (await collector.api.fail('POST', '/audit/checkpoints', { sequence, hash: last!.hash })).code,
    ).toBe('CONFLICT');
    const checkpoint = await collector.api.expect('POST', '/audit/checkpoints', { sequence, hash });
    expect(checkpoint).toMatchObject({ sequence, hash });
    expect((await records('order=oldest&limit=1'))[0]!.sequence).toBe(sequence + 1);
    expect(await collector.api.get('/audit/verification')).toMatchObject({ intact: true, checkpoint });
    expect(await only('operation=dropAudit&limit=1')).toMatchObject({
      outcome: 'ok',
      request: { sequence, hash },
    });
    expect((await collector.api.fail('POST', '/audit/checkpoints', { sequence, hash })).code).toBe(
      'NOT_FOUND',
    );
  });
});
