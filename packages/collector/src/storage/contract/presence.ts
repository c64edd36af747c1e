import type { AgentIdentity } from '@dormouse/protocol';

/** A collector that was not heard of for so long has lost its processes, ms. */
export const LEASE_MS = 15_000;

/** A process of this collector, or one that was. */
export interface PresentAgent {
  readonly identity: AgentIdentity;
  /** ms since 1970. */
  readonly lastSeen: number;
}

/** Which of several collectors each process is connected to. */
export interface PresenceStore {
  /** This collector is alive. To be said well within {@link LEASE_MS}, or it counts as dead. */
  renew(): Promise<void>;
  /** A process is connected to this collector, and no longer to any other. It is saved as `AgentStore.save` does. */
  attach(agent: PresentAgent): Promise<void>;
  /** A process is gone from this collector; it may be with another already. */
  detach(agent: PresentAgent): Promise<void>;
  /** The processes that are connected to other collectors. */
  elsewhere(): Promise<AgentIdentity[]>;
  /**
   * Whether this collector is the one to do some work that only one of all should do, from now on and until it is
   * gone. To be asked before each piece of it.
   */
  lead(duty: string): Promise<boolean>;
  /** This collector is gone, and so are all its processes. */
  leave(): Promise<void>;
}
