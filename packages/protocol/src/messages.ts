import type { Capture } from './capture.js';
import type { ProcessLimits } from './limits.js';
import type { Manifest } from './manifest.js';
import type { Pause, ProbeCommand, ProbeReport } from './probe.js';
import type { RedactionRules } from './redaction.js';

/**
 * What agents and the collector say to each other: msgpack messages over one WebSocket at
 * {@link AGENT_PATH}, the agent token in the `Authorization: Bearer` header.
 *
 *     agent                                   collector
 *     hello ───────────────────────────────▶
 *           ◀─────────────────────── welcome   (or `refused`, then close)
 *     manifest ─────────────────────────────▶  only if welcome.manifestNeeded
 *           ◀──────────────────────── policy   what may not be probed, before the probes and at every change
 *           ◀──────────────────────── probes   the whole wanted state, at every change
 *     status ──────────────────────────────▶   what became of each, and of the policy
 *     captures ────────────────────────────▶
 *           ◀──────────────────────── stored   acknowledges a batch, which is then forgotten
 */

/** Version of the messages; the collector refuses an agent of another version with a clear message. */
export const PROTOCOL_VERSION = 3;

export const AGENT_PATH = '/agent/v1';

/** Where a collector listens unless told otherwise, and where agents and the CLI look for it. */
export const DEFAULT_COLLECTOR_PORT = 7447;

export interface AgentIdentity {
  /** Random per process: 16 hexadecimal digits. */
  readonly instance: string;
  readonly service: string;
  readonly version?: string;
  /** From the manifest; absent when the process found none. */
  readonly buildId?: string;
  readonly commit?: string;
  readonly host: string;
  readonly pid: number;
  readonly node: string;
  readonly runtime: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface HelloMessage {
  readonly type: 'hello';
  readonly protocol: number;
  readonly contract: number;
  readonly agent: AgentIdentity;
}

export interface ManifestMessage {
  readonly type: 'manifest';
  readonly manifest: Manifest;
}

export interface StatusMessage {
  readonly type: 'status';
  /** Of the last `probes` message that was applied. */
  readonly revision: number;
  readonly reports: readonly ProbeReport[];
  readonly policy?: PolicyReport;
  /** While all probes of the process rest. */
  readonly pause?: Pause;
  readonly budget?: BudgetReport;
}

/** What all probes of a process may take of it, and what they have taken and sent in its life. */
export interface BudgetReport {
  /** In force: its own, as far as a policy has not lowered them. One that is missing has no bound. */
  readonly limits: Partial<ProcessLimits>;
  /** Of the main thread, ms. */
  readonly spentMs: number;
  readonly captures: number;
  /** Of captures, before compression. */
  readonly bytes: number;
}

/** What a process makes of the policy it was sent. */
export interface PolicyReport {
  /** Of the last `policy` message; 0 before the first. */
  readonly revision: number;
  /** The program itself has switched its probes off, whatever the policy says. */
  readonly killed?: true;
  /** In one sentence, why the policy could not be put in force; until it can, nothing may be probed. */
  readonly problem?: string;
}

export interface CapturesMessage {
  readonly type: 'captures';
  readonly batch: number;
  readonly captures: readonly Capture[];
}

export type AgentMessage = HelloMessage | ManifestMessage | StatusMessage | CapturesMessage;

export interface WelcomeMessage {
  readonly type: 'welcome';
  readonly manifestNeeded: boolean;
}

export interface RefusedMessage {
  readonly type: 'refused';
  readonly code: string;
  readonly message: string;
}

export interface ProbesMessage {
  readonly type: 'probes';
  /** Grows with every change, per connection. */
  readonly revision: number;
  /** Everything that should be armed in this process now; whatever is not in it is disarmed. */
  readonly probes: readonly ProbeCommand[];
}

/** What the agent forbids, hides and spares, besides what its process does; without one, nothing. */
export interface PolicyMessage {
  readonly type: 'policy';
  /** Grows with every change, at this collector and after its restarts. */
  readonly revision: number;
  /** Kill switch: every probe is disarmed, and none armed, until it is off again. */
  readonly killed: boolean;
  /** Why, in the words of whoever switched the probes off. */
  readonly reason?: string;
  /** Files and functions: `src/vault/**`, `src/pay.ts#charge*`, `#decrypt`. At most {@link LIMITS.denyEntries}. */
  readonly deny: readonly string[];
  /** For every capture from now on; absent: the rules stay as they are. */
  readonly redaction?: RedactionRules;
  /** What is lower than the process's own limits holds, from now on; what is missing is as the process has it. */
  readonly limits?: Partial<ProcessLimits>;
}

export interface StoredMessage {
  readonly type: 'stored';
  readonly batch: number;
}

export type CollectorMessage =
  | WelcomeMessage
  | RefusedMessage
  | PolicyMessage
  | ProbesMessage
  | StoredMessage;
