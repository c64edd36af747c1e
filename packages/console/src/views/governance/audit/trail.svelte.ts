import type { AuditRecord } from '@dormouse/protocol';
import type { AuditQuery, Governance } from '../../../api/governance.js';

/** The records that match, newest first, as many as were asked for so far. */
export class Trail {
  records: readonly AuditRecord[] = $state.raw([]);
  /** Whether the collector has answered. */
  known: boolean = $state(false);
  /** There are earlier ones. */
  hasMore: boolean = $state(false);
  trouble: unknown = $state.raw();
  readonly #governance: Governance;
  readonly #query: AuditQuery;
  #next: string | undefined;

  constructor(governance: Governance, query: AuditQuery) {
    this.#governance = governance;
    this.#query = query;
  }

  /** Asks for the newest, and after that for those before. */
  async more(): Promise<void> {
    try {
      const { records, next } = await this.#governance.audit({
        ...this.#query,
        ...(this.#next !== undefined && { after: this.#next }),
      });
      this.records = [...this.records, ...records];
      this.#next = next;
      this.hasMore = next !== undefined;
      this.known = true;
      this.trouble = undefined;
    } catch (error) {
      this.trouble = error;
    }
  }
}
