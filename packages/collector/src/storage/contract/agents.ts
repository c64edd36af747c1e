import type { AgentIdentity } from '@dormouse/protocol';

/** A process that was connected at some time. Times are ms since 1970. */
export interface StoredAgent {
  readonly identity: AgentIdentity;
  readonly firstSeen: number;
  readonly lastSeen: number;
}

/** The processes that were ever connected. */
export interface AgentStore {
  /** Notes who they are now and when they were heard of; the first time stays. */
  save(agents: readonly Omit<StoredAgent, 'firstSeen'>[]): Promise<void>;
  /** Those of some instances that are known. */
  find(instances: readonly string[]): Promise<AgentIdentity[]>;
  /** Heard of last first. */
  list(): Promise<StoredAgent[]>;
}
