import type { AuditCaller, AuditEntry } from '@dormouse/protocol';
import type { Log } from '../log.js';
import type { Appendix, AuditStore } from '../storage/contract/directory/audit.js';
import type { PlaceId } from '../storage/contract/directory/places.js';

/** Records of one transaction. */
const MOST_AT_ONCE = 500;
/** Notes that wait for a storage that does not answer; more are counted only. */
const MOST_NOTES = 10_000;
/** Pause before a storage that failed is tried again, ms. */
const RETRY_MS = 1_000;

/** The collector itself, as the trail names it. */
export const SYSTEM: AuditCaller = { kind: 'system', id: 'system', name: 'the collector' };

/** What is to be added to a chain, and who waits for it: nobody waits for a note. */
interface Waiting extends Appendix {
  readonly added?: () => void;
  readonly failed?: (error: unknown) => void;
}

/**
 * Writes the audit trail. What arrives while records are being written is written together after them: one transaction
 * costs the same for many.
 */
export class AuditTrail {
  readonly #store: AuditStore;
  readonly #log: Log;
  #isStopped = false;
  readonly #queues = new Map<PlaceId, Queue>();

  constructor(store: AuditStore, log: Log) {
    this.#store = store;
    this.#log = log;
  }

  /**
   * Before something is done that changes anything: it is known from now on, even if this process dies.
   * @param id by which {@link record} knows it again
   */
  intend(organisation: PlaceId, id: string, entry: AuditEntry): Promise<void> {
    return this.#store.intend({ id, organisation, entry });
  }

  /** Resolves when it is in the chain. */
  record(organisation: PlaceId, entry: AuditEntry, intention?: string): Promise<void> {
    return new Promise((added, failed) => {
      this.#queue(organisation).add({
        entry,
        ...(intention !== undefined && { intention }),
        added,
        failed,
      });
    });
  }

  /** For what nobody waits for: it is in the chain soon. */
  note(organisation: PlaceId, entry: AuditEntry): void {
    this.#queue(organisation).add({ entry });
  }

  /** Resolves when everything is in its chain, or cannot be written. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all(Array.from(this.#queues.values(), (queue) => queue.stop()));
  }

  #queue(organisation: PlaceId): Queue {
    const known = this.#queues.get(organisation);
    if (known !== undefined) return known;
    const fresh = new Queue((appendices) => this.#store.append(organisation, appendices), this.#log);
    // What comes after the end is not tried again for ever.
    if (this.#isStopped) void fresh.stop();
    this.#queues.set(organisation, fresh);
    return fresh;
  }
}

/** What waits to be added to one chain. */
class Queue {
  readonly #append: (appendices: readonly Appendix[]) => Promise<unknown>;
  readonly #log: Log;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #lost = 0;
  #retry: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(append: (appendices: readonly Appendix[]) => Promise<unknown>, log: Log) {
    this.#append = append;
    this.#log = log;
  }

  add(waiting: Waiting): void {
    if (waiting.added === undefined && this.#waiting.length >= MOST_NOTES) this.#lost++;
    else this.#waiting.push(waiting);
    if (this.#retry === undefined) this.#write();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#write();
    await this.#writing;
  }

  #write(): void {
    if (this.#waiting.length > 0) this.#writing ??= this.#writeAll();
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const some = this.#waiting.splice(0, MOST_AT_ONCE);
      const lost = this.#lost;
      try {
        await this.#append(lost > 0 ? [...some, lostNotes(lost)] : some);
      } catch (error) {
        this.#putBack(some, error);
        break;
      }
      this.#lost -= lost;
      for (const { added } of some) added?.();
    }
    // In the same turn: who was just told that a record is in the chain may add the next at once.
    this.#writing = undefined;
  }

  /** Whoever waits is told; notes are tried again. */
  #putBack(some: readonly Waiting[], error: unknown): void {
    this.#log.error({ err: error, records: some.length }, 'the audit trail could not be written');
    const notes = [...some, ...this.#waiting].filter(({ added }) => added === undefined);
    for (const { failed } of [...some, ...this.#waiting]) failed?.(error);
    this.#waiting = notes;
    if (this.#isStopped) return;
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.#write();
    }, RETRY_MS);
  }
}

/** What is missing is said in the trail itself. */
const lostNotes = (records: number): Appendix => ({
  entry: {
    at: Date.now(),
    caller: SYSTEM,
    door: 'collector',
    operation: 'audit.lost',
    targets: [],
    outcome: 'failed',
    details: { records },
  },
});
