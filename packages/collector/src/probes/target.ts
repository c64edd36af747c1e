import type { AgentIdentity, ProbeTarget } from '@dormouse/protocol';
import type { Redaction } from '@dormouse/expression/redaction';
import { buildIds } from '../builds/candidates.js';
import { CollectorError } from '../collector-error.js';

/** Whether a process is among those a probe is for: every field given must match. What narrows them down is in `rollout.ts`. */
export function matchesTarget(target: ProbeTarget, agent: AgentIdentity): boolean {
  const { tags = {}, instances } = target;
  return (
    FIELDS.every((field) => target[field] === undefined || agent[field] === target[field]) &&
    (instances === undefined || instances.includes(agent.instance)) &&
    Object.entries(tags).every(([tag, value]) => agent.tags[tag] === value)
  );
}

const FIELDS = ['version', 'buildId', 'commit', 'instance'] as const;

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

/**
 * Waiting for a secret would tell it.
 * @throws {CollectorError} REDACTED_NAME
 */
export function checkContext({ context = {} }: ProbeTarget, redaction: Redaction): void {
  const secret = Object.keys(context).find((attribute) => redaction.isRedacted(attribute));
  if (secret === undefined) return;
  throw new CollectorError(
    'REDACTED_NAME',
    `${secret} is a name that redaction protects: no probe can wait for requests with one of its values.`,
    { path: `target.context.${secret}` },
  );
}
