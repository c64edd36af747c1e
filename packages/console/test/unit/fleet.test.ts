import type { AgentDetail, AgentProbes, BudgetReport, ProbeView } from '@dormouse/protocol';
import { describe, expect, it } from 'vitest';
import { budgetLines, overheadInWords, probesInWords } from '../../src/views/fleet/budget.ts';
import { matches, ordered } from '../../src/views/fleet/columns.ts';
import { healthOf } from '../../src/views/fleet/health.ts';
import { Overheads } from '../../src/views/fleet/overheads.ts';
import { rolloutOf } from '../../src/views/fleet/rollout.ts';

const budgetOf = (spentMs: number): BudgetReport => ({
  limits: { cpuShare: 0.01, bytesPerSecond: 4 * 1_048_576, loopDelayMs: 50, lifetimeHits: 50_000_000 },
  spentMs,
  captures: 1_234,
  bytes: 860_000,
});

const DONE = { seen: 0, matched: 0, captured: 0, skipped: {}, dropped: {}, incomplete: 0 };

const probesOf = (armed: number): AgentProbes => ({
  ...DONE,
  told: armed + 1,
  armed,
  waiting: 1,
  disarmed: 0,
  resting: Math.min(1, armed),
});

function processOf(pid: number, more: Partial<AgentDetail> = {}): AgentDetail {
  const agent = { instance: `i${pid}`, service: 's', host: 'web', pid, node: '24', runtime: '0', tags: {} };
  return { ...agent, buildId: 'b1', connected: true, firstSeen: 0, lastSeen: 0, ...more };
}

describe('a process', () => {
  const agent = processOf(1, { probes: probesOf(3), budget: budgetOf(12.4) });

  it('is told with what its probes do, have taken and may', () => {
    expect(probesInWords(agent)).toBe('3 armed, 1 rests, 1 waits');
    expect(budgetLines({ agent, overhead: 0.00123 })).toEqual([
      { what: 'Main thread', taken: '0.12 %, 12 ms in its life', atMost: '1 %' },
      { what: 'Captures', taken: '1,234', atMost: '50M in its life' },
      { what: 'Bytes', taken: '840 KB', atMost: '4 MB a second' },
      { what: 'Event loop', taken: '', atMost: 'rests when it is usually 50 ms late' },
    ]);
  });

  it('has an overhead only while something is armed, and as far as it can be told', () => {
    expect(overheadInWords({ agent, overhead: undefined })).toBe('–');
    expect(overheadInWords({ agent, overhead: 0.000_01 })).toBe('< 0.01 %');
    expect(overheadInWords({ agent: processOf(1, { probes: probesOf(0) }), overhead: 0.5 })).toBe('idle');
    expect(overheadInWords({ agent: { ...agent, connected: false }, overhead: 0.5 })).toBe('');
  });

  it('is not well where nothing of it can be probed, or it has not its policy', () => {
    const { buildId, ...unbuilt } = agent;
    const has = (policy: NonNullable<AgentDetail['policy']>): AgentDetail => ({ ...agent, policy });
    expect(buildId).toBe('b1');
    expect(healthOf(unbuilt, 0).words).toBe('found no manifest: nothing of it can be probed');
    expect(healthOf(has({ revision: 1, wanted: 2 }), 0)).toMatchObject({ state: 'waits' });
    expect(healthOf(has({ revision: 2, wanted: 2, problem: 'no rule' }), 0).words).toBe(
      'refuses its policy: no rule',
    );
    expect(healthOf(agent, 0)).toEqual({ state: 'good', words: 'ready' });
  });
});

describe('the overhead', () => {
  it('is what was taken in the last ten seconds of them', () => {
    const overheads = new Overheads();
    const tell = (spentMs: number, at: number): void =>
      overheads.add([processOf(1, { budget: budgetOf(spentMs) })], at);
    tell(100, 0);
    expect(overheads.shareOf('i1')).toBeUndefined();
    tell(110, 1_000);
    expect(overheads.shareOf('i1')).toBe(0.01);
    for (let at = 2_000; at <= 12_000; at += 2_000) tell(110, at);
    expect(overheads.shareOf('i1')).toBe(0);
    overheads.add([], 13_000);
    expect(overheads.shareOf('i1')).toBeUndefined();
  });
});

describe('the list of processes', () => {
  const rows = [
    { agent: processOf(10, { tags: { region: 'eu' } }), overhead: 0.001 },
    { agent: processOf(9, { killed: { by: 'instance', reason: 'slow' } }), overhead: 0.003 },
    { agent: processOf(8, { connected: false }), overhead: undefined },
  ];
  const pids = (by: 'health' | 'overhead' | 'process', isTurned = false): number[] =>
    ordered(rows, { by, isTurned }, 0).map(({ agent }) => agent.pid);

  it('begins with what needs somebody, and can be put in order by each column, both ways', () => {
    expect(pids('health')).toEqual([9, 10, 8]);
    expect(pids('overhead')).toEqual([9, 10, 8]);
    expect(pids('overhead', true)).toEqual([8, 10, 9]);
    expect(pids('process')).toEqual([8, 9, 10]);
  });

  it('finds by words in any order', () => {
    const found = (...words: string[]): number[] =>
      rows.filter((row) => matches(row, words, 0)).map(({ agent }) => agent.pid);
    expect(found('ready', 'region=eu')).toEqual([10]);
    expect(found('slow')).toEqual([9]);
    expect(found()).toHaveLength(3);
  });
});

describe('a rollout', () => {
  const probeOf = (rollout: ProbeView['rollout']): ProbeView =>
    ({ rollout, target: { canary: { quietMs: 10_000 } } }) as ProbeView;

  it('says where the probe is, when the others follow, and what went wrong', () => {
    const canary = { instances: ['a'], stage: 'canary' } as const;
    expect(rolloutOf(probeOf({ ...canary, widensAt: 12_500 }), 12, 10_000)).toEqual({
      words: 'Tried out in 1 of 12 processes; the others follow in 2 s without trouble.',
      progress: 0.75,
    });
    expect(rolloutOf(probeOf({ ...canary, trouble: 'It failed.' }), 12, 0)).toEqual({
      words: 'Tried out in 1 of 12 processes; the others follow when it is armed there.',
      trouble: 'It failed.',
    });
    expect(rolloutOf(probeOf({ instances: ['a'], stage: 'all' }), 1, 0)?.words).toBe(
      'Only for a part of them: in 1 of 1 process.',
    );
    expect(rolloutOf(probeOf(undefined), 1, 0)).toBeUndefined();
  });
});
