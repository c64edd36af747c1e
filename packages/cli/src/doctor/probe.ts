import { setTimeout as sleep } from 'node:timers/promises';

import { LIMITS, type AgentView, type CaptureView, type ProbeView } from '@dormouse/protocol';

import type { Client } from '../client/client.js';
import { CollectorError } from '../failure.js';
import { formatLocation } from '../render/capture.js';
import { count } from '../render/text.js';
import { formatDuration } from '../render/time.js';
import { bad, good, note, type Finding } from './finding.js';
import { ifAllowed } from './if-allowed.js';
import { examineReport } from './report.js';

/** In this time every process that is well has said what has changed, and something for the way, ms. */
const HEARD_WITHIN_MS = LIMITS.statusMs + 2 * LIMITS.flushMs;

/** @returns the probe, if there is one, as its processes know it now */
export async function* findProbe(client: Client, id: string): AsyncGenerator<Finding, ProbeView | undefined> {
  try {
    const probe = await client.probe(id);
    if (!maySoonHit(probe)) return probe;
    await sleep(HEARD_WITHIN_MS);
    return await client.probe(id);
  } catch (error) {
    if (!(error instanceof CollectorError && error.has('NOT_FOUND'))) throw error;
    const remedy = '"dormouse probes --all" lists those that there are, and have been.';
    yield bad('probe', 'unknown-probe', `there is no probe ${id}`, remedy);
    return undefined;
  }
}

/** Whether a process without a capture may have one by now: what it has said is up to a second old. */
const maySoonHit = ({ state, agents }: ProbeView): boolean =>
  state === 'active' &&
  (agents.length === 0 || agents.some((report) => report.state !== 'disarmed' && report.captured === 0));

/** What has become of a probe, here and in each process. */
export async function* examineProbe(
  client: Client,
  probe: ProbeView,
  connected: readonly AgentView[],
  now: number,
): AsyncGenerator<Finding> {
  yield life(probe, now);
  yield* unplaced(probe, connected);
  yield* untargeted(probe, connected);
  for (const report of probe.agents) yield* examineReport(probe, report);
  const page = await ifAllowed(client.captures({ probe: probe.id, order: 'newest', limit: 1 }));
  yield* skew(page?.captures[0]);
}

function life(probe: ProbeView, now: number): Finding {
  const { id, kind, location, hits, expiresAt, state, endCause = 'removed', endedAt = now } = probe;
  const what = `${kind} ${id} at ${formatLocation(location)} has ${count(hits, 'hit')}`;
  if (state === 'active')
    return good('probe', `${what}, and lives for another ${formatDuration(expiresAt - now)}`);
  const { evidence, remedy } = ENDS[endCause];
  const ended = `${what}; ${evidence} ${formatDuration(now - endedAt)} ago`;
  return hits > 0
    ? note('probe', 'ended', ended, remedy)
    : bad('probe', endCause === 'expired' ? 'expired' : 'ended', ended, remedy);
}

const ENDS: Readonly<
  Record<NonNullable<ProbeView['endCause']>, { readonly evidence: string; readonly remedy: string }>
> = {
  removed: { evidence: 'it was removed', remedy: 'Place it again.' },
  expired: { evidence: 'its time was over', remedy: 'Place it again with a longer --expires.' },
  hitLimit: { evidence: 'it had all its hits', remedy: 'Place it again with more --hits.' },
  verdict: { evidence: 'it was decided', remedy: '"dormouse probe ID" shows how.' },
  budget: {
    evidence: 'it took too much of its processes',
    remedy: 'Place it again with a condition or a lower --rate.',
  },
  error: {
    evidence: 'it failed',
    remedy: 'What each process says of it is below; place it again without that.',
  },
};

function* unplaced({ unplaced: builds }: ProbeView, connected: readonly AgentView[]): Generator<Finding> {
  for (const { buildId, reason } of builds) {
    const running = connected.filter((agent) => agent.buildId === buildId).length;
    const evidence = `not in build ${buildId.slice(0, 12)}, which ${count(running, 'process runs', 'processes run')}: ${reason}`;
    if (running > 0)
      yield bad(
        'probe',
        'unplaced',
        evidence,
        'The source has changed there: place one for that build with --build.',
      );
  }
}

/** Connected processes that should have said something of the probe. */
function* untargeted(probe: ProbeView, connected: readonly AgentView[]): Generator<Finding> {
  if (probe.state !== 'active') return;
  const heard = new Set(probe.agents.map(({ instance }) => instance));
  const silent = connected.filter(({ instance }) => !heard.has(instance));
  const meant = silent.filter((agent) => isMeant(probe, agent));
  if (connected.length > 0 && heard.size === 0 && meant.length === 0)
    yield bad(
      'probe',
      'no-target',
      `it is for ${JSON.stringify(probe.target)}, and none of ${count(connected.length, 'connected process', 'connected processes')} is that`,
      'Place it without, or for what "dormouse services" shows.',
    );
  for (const { instance } of meant)
    yield bad(
      'process',
      'no-answer',
      `${instance} has not said yet that it has the probe`,
      'Ask again in a moment. If it stays so, DORMOUSE_DEBUG=1 in the process says what keeps it.',
    );
}

/** Whether the probe's target, as far as it names one, has the process in it. */
function isMeant({ target, unplaced: builds, rollout }: ProbeView, agent: AgentView): boolean {
  const { version, buildId, commit, instance, instances, tags = {} } = target;
  return (
    [
      [version, agent.version],
      [buildId, agent.buildId],
      [commit, agent.commit],
      [instance, agent.instance],
    ].every(([wanted, is]) => wanted === undefined || wanted === is) &&
    (instances ?? rollout?.instances ?? [agent.instance]).includes(agent.instance) &&
    Object.entries(tags).every(([name, value]) => agent.tags[name] === value) &&
    agent.buildId !== undefined &&
    !builds.some((build) => build.buildId === agent.buildId)
  );
}

/** A capture cannot arrive before it was made, ms. */
const TRAVEL_TOLERANCE_MS = 1_000;

function* skew(latest: CaptureView | undefined): Generator<Finding> {
  if (latest === undefined) return;
  const ahead = latest.at - latest.receivedAt;
  if (ahead > TRAVEL_TOLERANCE_MS)
    yield note(
      'clocks',
      'clocks-apart',
      `the clock of ${latest.instance} is ${formatDuration(ahead)} ahead of the collector's`,
      'Times of its captures are by its own clock; synchronise both.',
    );
}
