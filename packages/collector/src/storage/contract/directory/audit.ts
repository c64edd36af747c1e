import type { AuditCheckpoint, AuditEntry, AuditHead, AuditRecord } from '@dormouse/protocol';
import type { Found } from '../../../audit/verify.js';
import type { PlaceId } from './places.js';

/** Which records are asked for; all that is given must match. */
export interface AuditFilter {
  /** An id or a name of a caller. */
  readonly caller?: string;
  readonly operation?: string;
  readonly target?: string;
  readonly environment?: string;
  /** ms since 1970, inclusive. */
  readonly from?: number;
  readonly to?: number;
}

export type AuditOrder = 'oldest' | 'newest';

export interface AuditRange {
  readonly order: AuditOrder;
  readonly after?: number;
  readonly limit: number;
}

/** What somebody is about to do. Until its entry is in the chain it is pending. */
export interface Intention {
  readonly id: string;
  readonly organisation: PlaceId;
  /** As it is written down if nobody ever says what came of it. */
  readonly entry: AuditEntry;
}

/** An entry to be added, and the intention that it fulfils. */
export interface Appendix {
  readonly entry: AuditEntry;
  readonly intention?: string;
}

/**
 * The audit trail: one chain of records for each organisation, one for what concerns none or all, and no way to change or to delete one. Storages MUST refuse
 * that to everybody who asks them, whatever the way, but for records that a checkpoint stands for.
 */
export interface AuditStore {
  intend(intention: Intention): Promise<void>;
  /** Adds entries behind each other; several collectors at once never fork the chain. @returns its head then */
  append(organisation: PlaceId, appendices: readonly Appendix[]): Promise<AuditHead>;
  /**
   * Adds the entries of intentions that are pending since before a moment, ms since 1970: whoever had them has died.
   * @returns how many
   */
  adopt(before: number): Promise<number>;
  /** Records behind a sequence number in the given order; without it from its beginning. */
  list(organisation: PlaceId, filter: AuditFilter, page: AuditRange): Promise<AuditRecord[]>;
  /** What stands in the places after a sequence number, as it stands there. */
  read(organisation: PlaceId, after: number, limit: number): Promise<Found[]>;
  head(organisation: PlaceId): Promise<AuditHead>;
  /** The first record behind the head, where none can be. */
  surplus(organisation: PlaceId): Promise<number | undefined>;
  /** The last. */
  checkpoint(organisation: PlaceId): Promise<AuditCheckpoint | undefined>;
  /** Drops all records up to that of a checkpoint. */
  drop(organisation: PlaceId, checkpoint: AuditCheckpoint): Promise<void>;
  /** Those that have a chain. */
  organisations(): Promise<PlaceId[]>;
}
