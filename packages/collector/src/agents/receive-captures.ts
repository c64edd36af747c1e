import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AgentIdentity, Capture } from '@dormouse/protocol';
import type { Core } from '../core.js';
import type { Log } from '../log.js';
import type { ArrivedCapture } from '../storage/contract/captures.js';

/** Checking a batch holds up nobody else for longer, ms. */
const TURN_MS = 10;

/**
 * Stores a batch. A capture that cannot be stored is left out and logged, not refused: the agent would
 * only send it again, and the good ones beside it would wait for ever. So is one that comes when its probe has had the hits
 * that all processes share.
 */
export async function receiveCaptures(
  core: Core,
  agent: AgentIdentity,
  batch: readonly unknown[],
  log: Log,
): Promise<void> {
  const origin = { ...whence(agent), receivedAt: Date.now() };
  const probes = new Map<string, Awaited<ReturnType<typeof core.probes.findFor>>>();
  const accept = await core.arrivals.acceptFrom(agent);
  const arrived: ArrivedCapture[] = [];
  let hidden = 0;
  let surplus = 0;
  const refused: string[] = [];
  let turn = performance.now();
  for (const raw of batch) {
    if (performance.now() - turn > TURN_MS) {
      await nextTurn();
      turn = performance.now();
    }
    const accepted = accept(raw);
    if (accepted.problem !== undefined) {
      refused.push(accepted.problem);
      continue;
    }
    const { capture } = accepted;
    if (!probes.has(capture.probe)) {
      probes.set(capture.probe, await core.probes.findFor(agent, capture.probe));
    }
    const probe = probes.get(capture.probe);
    if (probe === undefined) {
      refused.push(`${capture.probe} is no probe of ${agent.service}`);
      continue;
    }
    if (probe === 'spent') {
      surplus++;
      continue;
    }
    arrived.push({
      ...(capture.trail === undefined ? capture : await withCallers(core, agent, capture)),
      ...origin,
      ...probe,
      ...(accepted.hidden > 0 && { hidden: accepted.hidden }),
    });
    hidden += accepted.hidden;
  }
  if (hidden > 0) log.warn({ hidden }, 'values hidden on arrival that the process should have hidden');
  if (refused.length > 0) log.warn({ refused: refused.length, first: refused[0] }, 'captures refused');
  const { captures } = core.meters;
  captures.inc({ outcome: 'received' }, batch.length);
  captures.inc({ outcome: 'refused' }, refused.length);
  captures.inc({ outcome: 'surplus' }, surplus);
  if (arrived.length === 0) return;

  const totals = await core.storage.captures.store(arrived);
  captures.inc({ outcome: 'stored' }, arrived.length);
  core.news.ring();
  await core.probes.countHits(totals);
}

function whence({
  service,
  instance,
  buildId,
}: AgentIdentity): Pick<ArrivedCapture, 'service' | 'instance' | 'buildId'> {
  return { service, instance, ...(buildId !== undefined && { buildId }) };
}

/** With what its trail tells in place of the trail. */
async function withCallers(core: Core, agent: AgentIdentity, capture: Capture) {
  const callers = await core.probes.callersIn(agent, capture);
  const { trail: _told, ...shown } = capture;
  return { ...shown, ...(callers.length > 0 && { callers }) };
}
