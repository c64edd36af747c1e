import { type AgentIdentity, type Capture } from '@dormouse/protocol';
import type { Core } from '../core.js';
import type { Log } from '../log.js';
import { capture } from '../schemas/capture.js';
import { firstProblem } from '../schemas/problem.js';
import type { ArrivedCapture } from '../storage/contract/captures.js';

/**
 * Stores a batch. A capture that cannot be stored is left out and logged, not refused: the agent would
 * only send it again, and the good ones beside it would wait for ever.
 */
export async function receiveCaptures(
  core: Core,
  agent: AgentIdentity,
  batch: readonly unknown[],
  log: Log,
): Promise<void> {
  const receivedAt = Date.now();
  const probes = new Map<string, ReturnType<typeof core.probes.findFor>>();
  const probeOf = (id: string): ReturnType<typeof core.probes.findFor> => {
    const known = probes.get(id) ?? core.probes.findFor(agent, id);
    probes.set(id, known);
    return known;
  };
  const arrived: ArrivedCapture[] = [];
  const refused: string[] = [];
  for (const raw of batch) {
    const accepted = accept(raw);
    const probe = typeof accepted === 'string' ? undefined : await probeOf(accepted.probe);
    if (typeof accepted === 'string') refused.push(accepted);
    else if (probe === undefined) refused.push(`${accepted.probe} is no probe of ${agent.service}`);
    else {
      const { trail: _followed, ...shown } = accepted;
      const callers = await core.probes.callersIn(agent, accepted);
      arrived.push({
        ...shown,
        ...(callers.length > 0 && { callers }),
        ...whence(agent),
        ...probe,
        receivedAt,
      });
    }
  }
  if (refused.length > 0) log.warn({ refused: refused.length, first: refused[0] }, 'captures refused');
  if (arrived.length === 0) return;

  const totals = await core.storage.captures.store(arrived);
  core.news.ring();
  await core.probes.countHits(totals);
}

/** The capture, or what is wrong with it. */
function accept(raw: unknown): Capture | string {
  const result = capture.safeParse(raw);
  if (result.success) return result.data;
  const { path, message } = firstProblem(result.error);
  return `${path}: ${message}`;
}

function whence({
  service,
  instance,
  buildId,
}: AgentIdentity): Pick<ArrivedCapture, 'service' | 'instance' | 'buildId'> {
  return { service, instance, ...(buildId !== undefined && { buildId }) };
}
