import {
  DEFAULT_CAPTURE_LIMITS,
  DEFAULT_SNAPSHOT_LIMITS,
  type AgentIdentity,
  type MetricWindow,
  type ProbeReport,
} from '@dormouse/protocol';
import type { ProbeDefinition } from '../../../src/probes/definition.ts';
import type { StoredBuild } from '../../../src/storage/contract/builds.ts';
import type { ArrivedCapture } from '../../../src/storage/contract/captures.ts';

/** What the rest of the collector would hand to a storage. */

export const DAY_MS = 86_400_000;

export const sampleProbe = (id: string, extra: Partial<ProbeDefinition> = {}): ProbeDefinition => ({
  id,
  kind: 'snapshot',
  service: 'trades',
  location: { file: 'src/risk.ts', line: 13, column: 3 },
  on: 'line',
  anchor: { hash: 'h', function: 'assess', functionLine: 10, fingerprint: 'f' },
  watches: [],
  level: 'info',
  target: {},
  limits: DEFAULT_SNAPSHOT_LIMITS,
  capture: DEFAULT_CAPTURE_LIMITS,
  createdAt: 1_000,
  expiresAt: 61_000,
  ...extra,
});

export const sampleCapture = (id: string, extra: Partial<ArrivedCapture> = {}): ArrivedCapture => ({
  id,
  probe: 'p',
  kind: 'snapshot',
  at: Date.now(),
  hit: 1,
  tookUs: 12,
  service: 'trades',
  instance: 'i1',
  location: { file: 'src/risk.ts', line: 13, column: 3 },
  function: 'assess',
  receivedAt: Date.now(),
  locals: [{ key: 'text', value: { type: 'string', value: 'a\u0000b\ud800 – 💶' } }],
  ...extra,
});

export const sampleWindow = (
  id: string,
  count: number,
  extra: Partial<ArrivedCapture> = {},
): ArrivedCapture => sampleCapture(id, { kind: 'counter', metric: metricOf(count), ...extra });

export const metricOf = (count: number): MetricWindow => ({ from: 1, to: 2, series: [{ count }] });

export const sampleAgent = (instance: string, extra: Partial<AgentIdentity> = {}): AgentIdentity => ({
  instance,
  service: 'trades',
  host: 'h',
  pid: 1,
  node: 'v24',
  runtime: '1',
  tags: { zone: 'a' },
  ...extra,
});

export const sampleBuild = (buildId: string, extra: Partial<StoredBuild> = {}): StoredBuild => ({
  buildId,
  files: 1,
  functions: 2,
  points: 3,
  skipped: 4,
  manifest: Uint8Array.of(0, 1, 255),
  ...extra,
});

export const sampleReport = (id: string, extra: Partial<ProbeReport> = {}): ProbeReport => ({
  id,
  state: 'armed',
  seen: 0,
  matched: 0,
  captured: 0,
  skipped: {},
  dropped: {},
  incomplete: 0,
  ...extra,
});
