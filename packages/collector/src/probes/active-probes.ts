import { isDeepStrictEqual } from 'node:util';
import type { Fleet } from '../agents/fleet.js';
import type { Happening } from '../audit/audit.js';
import type { Builds } from '../builds/builds.js';
import { CollectorError } from '../collector-error.js';
import type { Log } from '../log.js';
import type { EndCause, ProbeStore, StoredProbe } from '../storage/contract/probes.js';
import type { Storage } from '../storage/contract/storage.js';
import type { Bell } from '../stream/bell.js';
import type { Callers } from './callers.js';
import type { ProbeDefinition } from './definition.js';
import { Expiry } from './expiry.js';
import { Recipients } from './recipients.js';

export interface ActiveProbesOptions {
  readonly storage: Storage;
  readonly builds: Builds;
  readonly fleet: Fleet;
  readonly callers: Callers;
  readonly news: Bell;
  happened(happening: Happening): void;
  readonly log: Log;
}

/** Changes of other collectors that are read at once. */
const CHANGES = 500;

/**
 * The probes that are active, ready for the agents: how they begin, change and end, here and at other collectors. The
 * database is always written first, and whoever is to know of a change is told.
 */
export class ActiveProbes {
  readonly recipients: Recipients;
  readonly #options: ActiveProbesOptions;
  readonly #known = new Map<string, ProbeDefinition>();
  readonly #expiry: Expiry;
  readonly #stopping = new AbortController();
  /** The last change that is known here, of whichever collector. */
  #followed = 0;
  /** They are changed one after the other, so that nothing known is replaced by what was before. */
  #changing: Promise<unknown> = Promise.resolve();

  constructor(options: ActiveProbesOptions) {
    this.#options = options;
    this.recipients = new Recipients({
      ...options,
      active: () => this.#known.values(),
      widen: ({ id }) => this.#widen(id),
    });
    this.#expiry = new Expiry({
      next: () => Math.min(...Array.from(this.#known.values(), (probe) => probe.expiresAt)),
      end: () => this.#endExpired(),
      failed: (err) => options.log.error({ err }, 'expiry failed'),
    });
  }

  /** Aborted when the collector stops. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Takes up the probes of an earlier life. @returns them, with the hits they have had */
  async takeUp(): Promise<readonly StoredProbe[]> {
    this.#followed = await this.#options.storage.events.last();
    const active = await this.#store.list({ state: 'active' }, Number.MAX_SAFE_INTEGER);
    for (const { definition } of active) this.#known.set(definition.id, definition);
    return active;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([this.#expiry.stop(), this.recipients.stop()]);
  }

  get(id: string): ProbeDefinition | undefined {
    return this.#known.get(id);
  }

  /** How many a service has. */
  countOf(service: string): number {
    return [...this.#known.values()].filter((probe) => probe.service === service).length;
  }

  /** @throws {CollectorError} NOT_FOUND */
  async require(id: string): Promise<StoredProbe> {
    const probe = await this.#store.find(id);
    if (probe === undefined) throw notFound(id);
    return probe;
  }

  /** The probe; where another collector has just made it, it is known here then. @throws {CollectorError} NOT_FOUND */
  async requireHere(id: string): Promise<ProbeDefinition> {
    const { state, definition } = await this.require(id);
    if (state === 'active' && !this.#known.has(id)) await this.follow();
    return definition;
  }

  async begin(probe: ProbeDefinition): Promise<void> {
    const { id, kind, service, location } = probe;
    await this.#store.insert(probe);
    this.#known.set(id, probe);
    this.#options.log.info({ probe: id, kind, service, ...location }, 'probe created');
    this.#tell(service);
  }

  /**
   * Changes an active probe, and tells its processes.
   * @param what for the log
   * @param change is given the hits that the probe has had, too
   * @throws {CollectorError} NOT_FOUND, ENDED, and what `change` throws
   */
  change(
    id: string,
    what: string,
    change: (probe: ProbeDefinition, hits: number) => ProbeDefinition,
  ): Promise<void> {
    return this.#inTurn(async () => {
      const { hits, state, definition } = await this.require(id);
      if (state === 'ended') throw isOver(id);
      const changed = change(definition, hits);
      await this.#store.update(changed);
      this.#keep(changed);
      this.#options.log.info({ probe: id, service: changed.service }, what);
      this.#tell(changed.service);
    });
  }

  /** One that has ended already stays as it is. */
  end(id: string, cause: EndCause): Promise<void> {
    return this.#inTurn(() => this.#endNow(id, cause));
  }

  /** Ends those whose time is over, and from then on each when it is. */
  endExpired(): Promise<void> {
    return this.#expiry.endNow();
  }

  /** Takes over what other collectors have changed. */
  async follow(): Promise<void> {
    const services = await this.#inTurn(() => this.#takeOver());
    if (services.size > 0) this.#tell(...services);
  }

  get #store(): ProbeStore {
    return this.#options.storage.probes;
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#changing.then(work);
    this.#changing = done.catch(() => {});
    return done;
  }

  #tell(...services: readonly string[]): void {
    this.#expiry.schedule();
    for (const service of services) this.#options.fleet.refresh(service);
    this.#options.news.ring();
  }

  async #endExpired(): Promise<void> {
    const now = Date.now();
    const expired = [...this.#known.values()].filter((probe) => probe.expiresAt <= now);
    for (const { id } of expired) await this.end(id, 'expired');
  }

  async #endNow(id: string, cause: EndCause): Promise<void> {
    const { happened, log } = this.#options;
    const probe = this.#known.get(id);
    if (probe === undefined) return;
    const { service } = probe;
    const isEndedHere = await this.#store.end(id, cause, await this.recipients.unplaced(probe));
    this.#forget(id);
    if (isEndedHere) {
      log.info({ probe: id, service, cause }, 'probe ended');
      if (cause !== 'removed')
        happened({ operation: 'probe.ended', targets: [id, service], details: { cause } });
    }
    this.#tell(service);
  }

  /** @returns the services whose probes have changed */
  async #takeOver(): Promise<ReadonlySet<string>> {
    const services = new Set<string>();
    let changed: readonly StoredProbe[];
    do {
      changed = await this.#store.changedAfter(this.#followed, CHANGES);
      for (const { definition, state, cursor } of changed) {
        this.#followed = cursor;
        if (state === 'active') this.#keep(definition);
        else this.#forget(definition.id);
        services.add(definition.service);
      }
    } while (changed.length === CHANGES);
    return services;
  }

  /** A definition that is the same stays the same object: it is placed already. */
  #keep(probe: ProbeDefinition): void {
    const known = this.#known.get(probe.id);
    if (!isDeepStrictEqual(known, probe)) this.#known.set(probe.id, probe);
    if (probe.widenedAt !== undefined) this.recipients.endRollout(probe.id);
  }

  #forget(id: string): void {
    this.#known.delete(id);
    this.recipients.endRollout(id);
  }

  async #widen(id: string): Promise<void> {
    if (this.stopping.aborted || !this.#known.has(id)) return;
    await this.change(id, 'the canary is through, the others follow', (probe) => ({
      ...probe,
      widenedAt: Date.now(),
    }));
  }
}

export const notFound = (id: string): CollectorError =>
  new CollectorError('NOT_FOUND', `There is no probe ${id}. GET /probes lists them.`);

const isOver = (id: string): CollectorError =>
  new CollectorError('ENDED', `${id} has ended. POST /probes/${id}/duplicate places it once more.`);
