import { CLOSE } from '../agents/closing.js';
import type { Core } from '../core.js';
import { followOthers } from '../others/follow-others.js';
import type { EnvironmentId } from '../storage/contract/directory/places.js';
import type { Storage } from '../storage/contract/storage.js';
import type { Storages } from '../storage/contract/storages.js';
import { openCore, type CommonParts } from './open-core.js';

interface Opened {
  readonly core: Core;
  /** Stops what goes on in it. */
  readonly stop: () => Promise<void>;
}

/** The environments of one collector. Each is opened when it is first needed, and works for itself. */
export class Environments {
  readonly #storages: Storages;
  readonly #parts: CommonParts;
  readonly #kept = new Map<EnvironmentId, Storage>();
  readonly #opened = new Map<EnvironmentId, Promise<Opened>>();

  constructor(storages: Storages, parts: CommonParts) {
    this.#storages = storages;
    this.#parts = parts;
  }

  /** What is remembered of one. */
  storage(id: EnvironmentId): Storage {
    const kept = this.#kept.get(id) ?? this.#storages.environment(id);
    this.#kept.set(id, kept);
    return kept;
  }

  isOpen(id: EnvironmentId): boolean {
    return this.#opened.has(id);
  }

  get open(): EnvironmentId[] {
    return [...this.#opened.keys()];
  }

  async core(id: EnvironmentId): Promise<Core> {
    const opening = this.#opened.get(id) ?? this.#open(id);
    return (await opening).core;
  }

  /** Does something in each that is open, one after the other. */
  async eachOpen(act: (core: Core) => Promise<void>): Promise<void> {
    for (const opening of this.#opened.values()) await act((await opening).core);
  }

  /** Sends its processes away, stops one and forgets it; what is remembered stays. */
  async close(id: EnvironmentId): Promise<void> {
    const opening = this.#opened.get(id);
    this.#opened.delete(id);
    this.#kept.delete(id);
    const opened = await opening;
    for (const agent of opened?.core.fleet.live() ?? []) agent.close(CLOSE.policy, 'its environment is gone');
    await opened?.stop();
  }

  async closeAll(): Promise<void> {
    await Promise.all(Array.from(this.#opened.keys(), (id) => this.close(id)));
  }

  /** What failed is tried again by whoever comes next. */
  #open(id: EnvironmentId): Promise<Opened> {
    const opening = this.#start(id).catch((error: unknown) => {
      this.#opened.delete(id);
      throw error;
    });
    this.#opened.set(id, opening);
    return opening;
  }

  async #start(id: EnvironmentId): Promise<Opened> {
    const log = this.#parts.log.child({ environment: id });
    const core = await openCore(id, this.storage(id), { ...this.#parts, log });
    const stopFollowing = await followOthers(core);
    core.out.start();
    return {
      core,
      async stop() {
        await core.out.stop();
        await stopFollowing();
        await core.probes.stop();
      },
    };
  }
}
