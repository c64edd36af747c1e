/** The audit trail: what was asked of a collector, by whom, and what came of it. Times are ms since 1970. */

/** Through which an action came. All but `mcp` inside the collector are what the client says of itself. */
export type AuditDoor = 'http' | 'mcp' | 'cli' | 'console' | 'agent' | 'collector';

/** Who acted: as the collector knows him, never by a secret. */
export interface AuditCaller {
  /** What proved it: `token`, `user`; `system` is the collector itself, `nobody` proved nothing. */
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  /** Where the request came from. */
  readonly address?: string;
}

/**
 * `unknown`: the collector died while it was done, and nobody was told that it was. `begun`: what lasts has begun; that it
 * ended is a record of its own.
 */
export type AuditOutcome = 'ok' | 'refused' | 'failed' | 'unknown' | 'begun';

/** What is written down of an action before it has its place in the chain. */
export interface AuditEntry {
  readonly at: number;
  readonly caller: AuditCaller;
  readonly door: AuditDoor;
  /** An operation of the API, or what happened: `agent.joined`, `signIn.failed`. */
  readonly operation: string;
  /** `organisation/project/environment`; nothing for what concerns none. */
  readonly environment?: string;
  /** Ids of what it was done to. */
  readonly targets: readonly string[];
  /** What was asked for: fields that are known to hold neither secrets nor captured values; of others the name only. */
  readonly request?: AuditValue;
  readonly outcome: AuditOutcome;
  /** Of what was refused. */
  readonly code?: string;
  /** What came of it, in numbers and words of the collector's. */
  readonly details?: AuditValue;
  /** The same in all records of one request. */
  readonly requestId?: string;
}

/** What JSON can say. */
export type AuditValue =
  | string
  | number
  | boolean
  | null
  | readonly AuditValue[]
  | { readonly [name: string]: AuditValue };

/** One link of an organisation's chain. */
export interface AuditRecord extends AuditEntry {
  /** Of the chain: made by chance at its beginning. */
  readonly chain: string;
  /** From 1, without a gap. */
  readonly sequence: number;
  /** The hash of the record before it; that of the first is {@link AUDIT_BEGINNING}. */
  readonly previous: string;
  /** SHA-256, hexadecimal, of all the rest as canonical JSON (RFC 8785). */
  readonly hash: string;
}

/** What the first record follows. */
export const AUDIT_BEGINNING = '0'.repeat(64);

/** The last record of a chain, by which all before it are known. To be kept elsewhere it is an anchor. */
export interface AuditHead {
  readonly chain: string;
  /** 0: there is none yet. */
  readonly sequence: number;
  readonly hash: string;
}

/** Stands in place of the records that were dropped: all up to a certain one. */
export interface AuditCheckpoint extends AuditHead {
  readonly at: number;
  /** Ed25519, SubjectPublicKeyInfo in base64. */
  readonly key: string;
  /** Of all the rest as canonical JSON, base64. */
  readonly signature: string;
}

/** The first line of an exported trail; a record stands on each of those that follow. */
export interface AuditExportHeader {
  readonly audit: 1;
  /** The last record that the file has. */
  readonly head: AuditHead;
  /** What its first record follows, where records before it were dropped. */
  readonly checkpoint?: AuditCheckpoint;
}

/** How a chain is broken. */
export type AuditFault = 'changed' | 'missing' | 'reordered' | 'truncated' | 'foreign' | 'unreadable';

/** What following a chain from its beginning to its end has shown. */
export interface AuditVerification {
  readonly intact: boolean;
  /** Records that are as they were written. */
  readonly records: number;
  readonly head: AuditHead;
  readonly checkpoint?: AuditCheckpoint;
  /** The first record that is not as it must be. */
  readonly broken?: {
    readonly sequence: number;
    readonly fault: AuditFault;
    readonly message: string;
  };
}

/** `GET /audit` → newest first. */
export interface AuditPage {
  readonly records: readonly AuditRecord[];
  /** There is more: to be passed as `before`. */
  readonly next?: string;
}
