import type { AgentIdentity, ProbeTarget } from '@dormouse/protocol';

/** Whether a process is among those a probe is for: every field given must match. */
export function matchesTarget(target: ProbeTarget, agent: AgentIdentity): boolean {
  const { tags = {}, ...fields } = target;
  return (
    Object.entries(fields).every(([field, value]) => agent[field as keyof typeof fields] === value) &&
    Object.entries(tags).every(([tag, value]) => agent.tags[tag] === value)
  );
}
