import type { ProbeReport, ProbeView } from '@dormouse/protocol';
import type { ProbeDefinition } from '../../probes/definition.js';

export type EndCause = NonNullable<ProbeView['endCause']>;

/** A probe, and what has become of it. */
export interface StoredProbe {
  readonly definition: ProbeDefinition;
  readonly state: ProbeView['state'];
  readonly endCause?: EndCause;
  /** ms since 1970. */
  readonly endedAt?: number;
  /** Captures stored; of a metric, what its windows counted. */
  readonly hits: number;
  /** Of its last change, in the order of all events. */
  readonly cursor: number;
  /** The builds it could not be placed in when it ended. */
  readonly unplaced: ProbeView['unplaced'];
}

export interface ProbeFilter {
  readonly service?: string;
  /** Of these services only. */
  readonly services?: readonly string[];
  readonly state?: ProbeView['state'];
  readonly group?: string;
}

/** A report with the process it is from. */
export type InstanceReport = ProbeReport & { readonly instance: string };

export interface ProbeStore {
  insert(definition: ProbeDefinition): Promise<void>;
  /** Keeps what has changed of a probe's definition; of one that has ended, nothing. */
  update(definition: ProbeDefinition): Promise<void>;
  /**
   * Ends a probe once: the first cause stays.
   * @returns whether it was this call that ended it
   */
  end(id: string, cause: EndCause, unplaced: ProbeView['unplaced']): Promise<boolean>;
  find(id: string): Promise<StoredProbe | undefined>;
  /** Newest first. */
  list(filter: ProbeFilter, limit: number): Promise<StoredProbe[]>;
  /** Those that changed after a cursor, in the order of their last change. */
  changedAfter(cursor: number, limit: number): Promise<StoredProbe[]>;
  /** Which of some ids are probes of a service. */
  among(service: string, ids: readonly string[]): Promise<ReadonlySet<string>>;
  /**
   * Keeps the latest report of each probe from one process. A report that says more than other counters
   * changes its probe: `cursor` moves.
   * @returns the probes that were changed
   */
  saveReports(instance: string, reports: readonly ProbeReport[]): Promise<string[]>;
  /** For a probe whose hits do not come here. */
  setHits(id: string, hits: number): Promise<void>;
  /** The latest reports of some probes; each of them has an entry. */
  reports(ids: readonly string[]): Promise<Map<string, InstanceReport[]>>;
}
