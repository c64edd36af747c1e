import type { KeyObject } from 'node:crypto';
import type {
  AuditCaller,
  AuditCheckpoint,
  AuditDoor,
  AuditEntry,
  AuditHead,
  AuditOutcome,
  AuditRecord,
  AuditValue,
  AuditVerification,
} from '@dormouse/protocol';
import type { Caller } from '../auth/caller.js';
import { CollectorError } from '../collector-error.js';
import type { Log } from '../log.js';
import type { Places } from '../places/places.js';
import type { AuditFilter, AuditRange, AuditStore } from '../storage/contract/directory/audit.js';
import { EVERYWHERE, type PlaceId } from '../storage/contract/directory/places.js';
import { signCheckpoint } from './checkpoint.js';
import { FailedSignIns } from './failed-sign-ins.js';
import { AuditTrail, SYSTEM } from './trail.js';
import { keepUp } from './upkeep.js';
import { verifyChain, type Claim, type Found } from './verify.js';
import { whereaboutsInDirectory, whereaboutsOf, type Whereabouts } from './whereabouts.js';

/** Records read at once. */
const PAGE = 500;

export interface AuditOptions {
  readonly store: AuditStore;
  readonly places: Places;
  readonly log: Log;
  /** What checkpoints are signed with. @throws {CollectorError} where there is no key */
  readonly key: () => KeyObject;
}

/** The parts of a request that say where it belongs. */
export interface AskedFor {
  readonly caller: Caller;
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

type Named = { readonly place?: unknown; readonly environment?: unknown } | null | undefined;

/** What happened beside the requests of people. */
export interface Happening {
  readonly caller?: AuditCaller;
  readonly door?: AuditDoor;
  readonly operation: string;
  readonly targets?: readonly string[];
  readonly outcome?: AuditOutcome;
  readonly details?: AuditValue;
}

/** The audit trail of all that this collector is asked to do, and does. */
export class Audit {
  readonly trail: AuditTrail;
  readonly failedSignIns: FailedSignIns;
  readonly #store: AuditStore;
  readonly #places: Places;
  readonly #key: () => KeyObject;

  constructor({ store, places, log, key }: AuditOptions) {
    this.#store = store;
    this.#places = places;
    this.#key = key;
    this.trail = new AuditTrail(store, log);
    this.failedSignIns = new FailedSignIns((entry) => this.trail.note(EVERYWHERE, entry));
  }

  /** Which chain belongs to a place. */
  at(place: PlaceId): Whereabouts {
    return whereaboutsOf(this.#places.tree, place);
  }

  /** Which chain a request belongs to. */
  whereabouts({ caller, params, query, body }: AskedFor): Whereabouts {
    if (caller.place !== EVERYWHERE) return this.at(caller.place);
    const named = [params, query, body].flatMap((part) => [
      (part as Named)?.place,
      (part as Named)?.environment,
    ]);
    return whereaboutsInDirectory(this.#places.tree, caller, named);
  }

  /** Writes down what happened in a place, soon. */
  happened(place: PlaceId, happening: Happening): void {
    const { organisation, environment } = this.at(place);
    const {
      caller = SYSTEM,
      door = 'collector',
      targets = [],
      outcome = 'ok',
      operation,
      details,
    } = happening;
    this.trail.note(organisation, {
      at: Date.now(),
      caller,
      door,
      operation,
      ...(environment !== undefined && { environment }),
      targets,
      outcome,
      ...(details !== undefined && { details }),
    } satisfies AuditEntry);
  }

  list(organisation: PlaceId, filter: AuditFilter, range: AuditRange): Promise<AuditRecord[]> {
    return this.#store.list(organisation, filter, range);
  }

  async head(organisation: PlaceId): Promise<{ head: AuditHead; checkpoint?: AuditCheckpoint }> {
    const head = await this.#store.head(organisation);
    const checkpoint = await this.#store.checkpoint(organisation);
    return { head, ...(checkpoint !== undefined && { checkpoint }) };
  }

  /** Follows a chain as it stands in the storage. @param anchor a head of it that was kept elsewhere */
  async verify(organisation: PlaceId, anchor?: Claim['anchor']): Promise<AuditVerification> {
    const surplus = await this.#store.surplus(organisation);
    const claim = await this.head(organisation);
    const from = claim.checkpoint?.sequence ?? 0;
    const verification = await verifyChain(this.#between(organisation, from, claim.head.sequence), {
      ...claim,
      ...(anchor !== undefined && { anchor }),
    });
    if (!verification.intact || surplus === undefined) return verification;
    const message = `Record ${surplus} stands behind the head: the head was set back.`;
    return { ...verification, intact: false, broken: { sequence: surplus, fault: 'truncated', message } };
  }

  /**
   * Drops all records up to one, which are kept elsewhere now.
   * @param last that one, as it is known elsewhere
   * @throws {CollectorError} NOT_FOUND, CONFLICT
   */
  async drop(organisation: PlaceId, last: Pick<AuditHead, 'sequence' | 'hash'>): Promise<AuditCheckpoint> {
    const [found] = await this.#store.read(organisation, last.sequence - 1, 1);
    if (found === undefined || 'flaw' in found || found.sequence !== last.sequence)
      throw new CollectorError('NOT_FOUND', `The trail has no record ${last.sequence} that could be read.`);
    if (found.hash !== last.hash) {
      throw new CollectorError(
        'CONFLICT',
        `Record ${last.sequence} has another hash here. Nothing was dropped: verify the trail, and the file.`,
      );
    }
    const { chain, sequence, hash } = found;
    const checkpoint = signCheckpoint({ chain, sequence, hash }, Date.now(), this.#key());
    await this.#store.drop(organisation, checkpoint);
    return checkpoint;
  }

  /** Begins to look after the trail. Returns how to stop: then everything is written. */
  async start(log: Log, isShared: boolean): Promise<() => Promise<void>> {
    const stop = await keepUp(this.#store, log, isShared);
    return async () => {
      this.failedSignIns.stop();
      await this.trail.stop();
      await stop();
    };
  }

  async *#between(organisation: PlaceId, from: number, to: number): AsyncGenerator<Found> {
    for (let after = from; after < to; after += PAGE) {
      const found = await this.#store.read(organisation, after, Math.min(PAGE, to - after));
      yield* found;
      if (found.length === 0) return;
    }
  }
}
