import { gzipSync } from 'node:zlib';
import {
  DEFAULT_SNAPSHOT_LIMITS,
  type CaptureView,
  type ProbeView,
  type RetentionView,
  type ServiceView,
} from '@dormouse/protocol';
import { expect } from 'vitest';
import { hashToken } from '../../../src/auth/token.ts';
import { dayOf } from '../../../src/storage/sql/days.ts';
import { TestApi } from '../../support/api.ts';
import { MANIFEST_A } from '../../support/manifest.ts';
import { DAY_MS, sampleAgent, sampleCapture, sampleProbe, sampleReport } from './samples.ts';

/** The token of the admin of those days. */
const ADMIN = 'an-admin-token-of-the-first-version-0123456789';

/** More than one block of those by which captures are counted. */
const CAPTURES = 1_200;

const { buildId } = MANIFEST_A;
const now = Date.now();
const probe = sampleProbe('p_first', {
  createdAt: now - DAY_MS,
  expiresAt: now + DAY_MS,
  limits: { ...DEFAULT_SNAPSHOT_LIMITS, hits: 2 * CAPTURES },
});
const agent = sampleAgent('first', { buildId });
const capture = sampleCapture('first-#', { probe: probe.id, instance: agent.instance, buildId });

type Row = Readonly<Record<string, string | number | null>>;

/** What a database began with: SQLite with one environment, and one form of captures. */
export interface FirstTables {
  readonly run: (statement: string) => Promise<unknown>;
  readonly hasEnvironments: boolean;
  /** A literal of bytes, given in hex. */
  readonly bytes: (hex: string) => string;
}

/** Fills the first tables that a database had. */
export async function fillFirstVersion({ run, hasEnvironments, bytes }: FirstTables): Promise<void> {
  const insert = async (
    table: string,
    row: Row,
    more: Readonly<Record<string, string>> = {},
  ): Promise<void> => {
    const literals = Object.entries(row).map(([name, value]): [string, string] => [name, literal(value)]);
    const all = Object.fromEntries([
      ...(hasEnvironments ? [['environment', '1']] : []),
      ...literals,
      ...Object.entries(more),
    ]);
    await run(`insert into ${table} (${Object.keys(all).join(', ')}) ${valuesOf(table, Object.values(all))}`);
  };
  const { service } = probe;
  await insert('tokens', { role: 'admin', hash: hashToken(ADMIN).toString('hex'), created_at: 1 });
  await run(
    hasEnvironments
      ? `insert into sequence values (1, ${CAPTURES})`
      : `update sequence set value = ${CAPTURES}`,
  );
  await insert('services', { name: service, first_seen: 2 });
  const outline = { files: 1, functions: 2, points: 3, skipped: 0 };
  const manifest = bytes(gzipSync(JSON.stringify(MANIFEST_A)).toString('hex'));
  await insert('builds', { id: buildId, commit_id: null, ...outline, received_at: now }, { manifest });
  await insert('service_builds', { service, build: buildId, last_seen: now });
  const { instance } = agent;
  await insert('agents', {
    instance,
    service,
    identity: JSON.stringify(agent),
    first_seen: 3,
    last_seen: now,
  });
  await insert('probes', {
    id: probe.id,
    service,
    state: 'active',
    end_cause: null,
    created_at: probe.createdAt,
    ended_at: null,
    hits: CAPTURES,
    changed: 4,
    definition: JSON.stringify(probe),
    unplaced: '[]',
  });
  await insert('reports', {
    probe: probe.id,
    instance,
    report: JSON.stringify(sampleReport(probe.id, { seen: 7 })),
  });
  const since = { probe: probe.id, service, received_at: now };
  const numbered = { cursor: 'i', id: `'first-' || i`, body: numberedBody() };
  await insert(
    'captures',
    { ...since, ...(hasEnvironments && { day: dayOf(capture.at), is_window: 0 }) },
    numbered,
  );
}

const literal = (value: string | number | null): string =>
  value === null ? 'null' : typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`;

/** Captures are numbered, all else is there once. */
const valuesOf = (table: string, values: readonly string[]): string =>
  table === 'captures'
    ? `select ${values.join(', ')} from (with recursive numbers(i) as (select 1 union all select i + 1 from numbers where i < ${CAPTURES}) select i from numbers) as numbers`
    : `values (${values.join(', ')})`;

const numberedBody = (): string =>
  JSON.stringify(capture)
    .split('#')
    .map((part) => literal(part))
    .join(' || i || ');

/** Everything is there, may be read with the token of those days, and goes on. */
export async function expectFirstVersion(url: string): Promise<void> {
  const api = new TestApi(url, ADMIN);
  expect(await api.get<ProbeView>(`/probes/${probe.id}`)).toMatchObject({
    state: 'active',
    hits: CAPTURES,
    createdAt: probe.createdAt,
    agents: [{ instance: agent.instance, seen: 7 }],
  });
  const { services } = await api.get<{ services: ServiceView[] }>('/services');
  expect(services).toMatchObject([
    {
      service: probe.service,
      agents: [{ instance: agent.instance, connected: false }],
      builds: [{ buildId }],
    },
  ]);
  const { captures } = await api.get<{ captures: CaptureView[] }>('/captures?order=newest&limit=1');
  expect(captures).toEqual([{ ...capture, id: `first-${CAPTURES}`, cursor: String(CAPTURES) }]);
  expect((await api.get<RetentionView>('/retention')).captures).toMatchObject({ count: CAPTURES });
  const { functions } = await api.get<{ functions: unknown[] }>(`/functions?service=${probe.service}`);
  expect(functions).toHaveLength(2);
  const copy = await api.expect<ProbeView>('POST', `/probes/${probe.id}/duplicate`, {});
  expect(copy).toMatchObject({ state: 'active', hits: 0 });
  await api.expect('DELETE', `/probes/${copy.id}`);
}
