import type { ProbeView } from '@dormouse/protocol';
import { DEFAULT_CAPTURE_LIMITS, DEFAULT_SNAPSHOT_LIMITS } from '@dormouse/protocol';
import { expect, test } from 'vitest';

import { plainStyle, renderProbe, renderProbes, type Style } from '../src/render/index.ts';

const CREATED = new Date(2026, 0, 5, 9).getTime();

const probe: ProbeView = {
  id: 'prb_7f3a',
  kind: 'snapshot',
  on: 'line',
  service: 'trades',
  location: { file: 'src/trades/risk/risk-gate.ts', line: 38, column: 5 },
  function: 'RiskGate.assess',
  condition: 'amount > 10000',
  watches: ['typeof order.highValue'],
  target: { version: '1.2.3', tags: { zone: 'eu' } },
  limits: DEFAULT_SNAPSHOT_LIMITS,
  capture: DEFAULT_CAPTURE_LIMITS,
  createdAt: CREATED,
  expiresAt: CREATED + 3_600_000,
  state: 'active',
  hits: 3,
  unplaced: [{ buildId: 'fedcba987654321001234567', reason: 'line 38 has changed there' }],
  agents: [
    {
      instance: '9f2c41d07a3be856',
      id: 'prb_7f3a',
      state: 'disarmed',
      cause: 'error',
      message: 'The condition failed: amount is not a number',
      seen: 1_204,
      matched: 4,
      captured: 3,
      skipped: { condition: 1_200, rateLimitProbe: 1 },
      dropped: { queueFull: 1 },
      incomplete: 2,
    },
  ],
};

test('a probe is shown with what it asks, where it could not be placed, and its account in each process', () => {
  expect(renderProbe(probe, plainStyle, CREATED + 30_000)).toBe(
    `
snapshot prb_7f3a  src/trades/risk/risk-gate.ts:38:5  in RiskGate.assess
  state    active, 59m 30s left
  service  trades
  if       amount > 10000
  watch    typeof order.highValue
  only     version=1.2.3, zone=eu
  hits     3 of at most 10, 10 per second and process
  created  2026-01-05 09:00:00.000
  expires  2026-01-05 10:00:00.000
  Not in build fedcba987654: line 38 has changed there
  9f2c41d07a3be856 disarmed (failed), seen 1,204, matched 4, captured 3; 1,200 skipped: the condition did not hold; 1 skipped: over the probe's rate limit; 1 dropped: the queue was full; 2 incomplete; The condition failed: amount is not a number
`.trim(),
  );
});

test('probes are listed in one line each, cut to the terminal', () => {
  const log: ProbeView = {
    ...probe,
    id: 'prb_0001',
    kind: 'log',
    template: 'order {order.id} over {amount}',
    watches: [],
    state: 'ended',
    endCause: 'hitLimit',
  };
  const style: Style = { ...plainStyle, width: 100 };
  expect(renderProbes([probe, log], style, CREATED).split('\n')).toEqual([
    'ID        KIND      SERVICE  LOCATION            HITS  STATE                     ASKS FOR',
    'prb_7f3a  snapshot  trades   …risk-gate.ts:38:5  3/10  active, 1h left           typeof order.highV…',
    'prb_0001  log       trades   …risk-gate.ts:38:5  3/10  ended: hit limit reached  order {order.id} o…',
  ]);
});

test('a probe that is switched off, or rests, says so with the reason and the times', () => {
  const since = CREATED + 1_000;
  const resting: ProbeView = {
    ...probe,
    killed: { by: 'service', reason: 'an incident', since },
    agents: [
      {
        ...probe.agents[0]!,
        state: 'armed',
        pause: { cause: 'probeCpuBudget', since, until: since + 2_000 },
      },
    ],
  };
  const shown = renderProbe(resting, plainStyle, CREATED + 61_000);
  expect(shown).toContain('  state    switched off, 58m 59s left, resting in 1 of 1\n');
  expect(shown).toContain('  killed   switched off with the service 1m ago: an incident\n');
  expect(shown).toContain(
    '; the probe rests: it took more than half of the time that all probes may take, from 09:00:01.000 to 09:00:03.000',
  );
});
