import type {
  AgentIdentity,
  CollectorMessage,
  PolicyMessage,
  ProbeReport,
  StatusMessage,
} from '@dormouse/protocol';
import type { Core } from '../core.js';
import type { ToldProbe } from '../probes/command.js';
import type { AgentStanding, LiveAgent } from './fleet.js';

/** The way to an agent. */
export interface Connection {
  /** ms since 1970. */
  readonly lastSeen: number;
  send(message: CollectorMessage): void;
  close(code: number, reason: string): void;
}

/** A connected agent after its hello: remembers what it was told, and tells it when that changes. */
export class JoinedAgent implements LiveAgent {
  #identity: AgentIdentity;
  readonly #core: Core;
  readonly #connection: Connection;
  #told: ReadonlySet<string> = new Set();
  #toldState: ReadonlySet<string> = new Set();
  #revision = 0;
  #policy: number | undefined;
  #standing: AgentStanding = {};
  readonly #reports = new Map<string, ProbeReport>();
  #refreshing = false;
  #stale = false;

  constructor(core: Core, connection: Connection, identity: AgentIdentity) {
    this.#core = core;
    this.#connection = connection;
    this.#identity = identity;
  }

  get identity(): AgentIdentity {
    return this.#identity;
  }

  /** A process that weaves its files while it loads them runs another build with every file. */
  runs(buildId: string): void {
    this.#identity = { ...this.#identity, buildId };
  }

  get lastSeen(): number {
    return this.#connection.lastSeen;
  }

  get told(): ReadonlySet<string> {
    return this.#told;
  }

  get standing(): AgentStanding {
    return this.#standing;
  }

  /** What it says of itself. */
  stands({ policy, pause, budget, reports }: StatusMessage): void {
    this.#standing = {
      ...(policy !== undefined && { policy }),
      ...(pause !== undefined && { pause }),
      ...(budget !== undefined && { budget }),
    };
    for (const report of reports) if (this.#told.has(report.id)) this.#reports.set(report.id, report);
  }

  get reports(): readonly ProbeReport[] {
    return [...this.#reports.values()];
  }

  close(code: number, reason: string): void {
    this.#connection.close(code, reason);
  }

  refresh(): void {
    this.#tellPolicy(this.#core.policies.messageFor(this.identity));
    this.#stale = true;
    if (this.#refreshing) return;
    this.#catchUp().catch((error: unknown) => {
      this.#core.log.error({ err: error }, 'an agent could not be told its probes');
    });
  }

  /** Whatever changes while the probes are being placed is told in the next round. */
  async #catchUp(): Promise<void> {
    this.#refreshing = true;
    try {
      while (this.#stale) {
        this.#stale = false;
        this.#tell(await this.#core.probes.commandsFor(this.identity));
      }
    } finally {
      this.#refreshing = false;
    }
  }

  /** At once, and before any probe: what is forbidden is never armed, not even for a moment. */
  #tellPolicy(policy: PolicyMessage): void {
    if (policy.revision === this.#policy) return;
    this.#policy = policy.revision;
    this.#connection.send(policy);
  }

  #tell(told: readonly ToldProbe[]): void {
    const state = new Set(told.map((probe) => probe.state));
    if (this.#revision > 0 && sameMembers(state, this.#toldState)) return;
    const probes = told.map(({ command }) => command);
    this.#told = new Set(probes.map(({ id }) => id));
    this.#toldState = state;
    for (const id of this.#reports.keys()) if (!this.#told.has(id)) this.#reports.delete(id);
    this.#connection.send({ type: 'probes', revision: ++this.#revision, probes });
  }
}

function sameMembers(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((member) => b.has(member));
}
