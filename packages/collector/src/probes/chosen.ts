import type { ProbeDefinition } from './definition.js';

/**
 * Which processes have the probes that are narrowed down. It is found out once, however many processes ask, and again
 * when processes have come or gone.
 */
export class Chosen {
  readonly #choose: (probe: ProbeDefinition) => Promise<ReadonlySet<string>>;
  /** A definition that is changed is chosen for anew. */
  readonly #known = new WeakMap<ProbeDefinition, Promise<ReadonlySet<string>>>();

  /** @param choose looks at all processes */
  constructor(choose: (probe: ProbeDefinition) => Promise<ReadonlySet<string>>) {
    this.#choose = choose;
  }

  /** Instances, first come first; as they were when they were looked at last. */
  of(probe: ProbeDefinition): Promise<ReadonlySet<string>> {
    return this.#known.get(probe) ?? this.#find(probe);
  }

  /**
   * Looks at all processes once more.
   * @returns those that have the probe from now on, and those that have it no longer
   */
  async again(probe: ProbeDefinition): Promise<string[]> {
    const before = await this.of(probe);
    const now = await this.#find(probe);
    return [...lacking(before, now), ...lacking(now, before)];
  }

  #find(probe: ProbeDefinition): Promise<ReadonlySet<string>> {
    const found = this.#choose(probe);
    this.#known.set(probe, found);
    found.catch(() => {
      if (this.#known.get(probe) === found) this.#known.delete(probe);
    });
    return found;
  }
}

/** Those of some that others have not. */
const lacking = (some: ReadonlySet<string>, others: ReadonlySet<string>): string[] =>
  [...some].filter((instance) => !others.has(instance));
