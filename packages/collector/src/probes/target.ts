import type { AgentIdentity, ProbeTarget } from '@dormouse/protocol';
import { buildIds } from '../builds/candidates.js';
import { CollectorError } from '../collector-error.js';

/** Whether a process is among those a probe is for: every field given must match. */
export function matchesTarget(target: ProbeTarget, agent: AgentIdentity): boolean {
  const { tags = {}, ...fields } = target;
  return (
    Object.entries(fields).every(([field, value]) => agent[field as keyof typeof fields] === value) &&
    Object.entries(tags).every(([tag, value]) => agent.tags[tag] === value)
  );
}

/**
 * A build that is named must run somewhere, or the probe would wait for a typing error.
 * @throws {CollectorError} UNKNOWN_BUILD
 */
export function requireRunningBuild(
  { buildId }: ProbeTarget,
  service: string,
  agents: readonly AgentIdentity[],
): void {
  const running = buildIds(agents);
  if (buildId === undefined || running.includes(buildId)) return;
  const known =
    running.length > 0 ? `Running now: ${running.join(', ')}.` : 'No process of it is connected now.';
  throw new CollectorError('UNKNOWN_BUILD', `No process of ${service} runs build ${buildId}. ${known}`, {
    path: 'target.buildId',
    suggestions: running,
  });
}
