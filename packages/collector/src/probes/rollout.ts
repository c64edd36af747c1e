import { createHash } from 'node:crypto';
import type { ProbeReport, RolloutView } from '@dormouse/protocol';
import { Canary } from './canary.js';
import type { ProbeDefinition } from './definition.js';

/** Whether a probe is not, or not yet, for every process that it matches. */
export const isNarrowed = ({ target }: ProbeDefinition): boolean =>
  target.share !== undefined || target.canary !== undefined;

/** Which processes have the probes that are narrowed down. */
export class Rollouts {
  readonly #canaries = new Map<string, Canary>();
  readonly #widen: (probe: ProbeDefinition) => void;

  /** @param widen called when a canary is through; it gives the probe its `widenedAt` */
  constructor(widen: (probe: ProbeDefinition) => void) {
    this.#widen = widen;
  }

  /** @param instances the processes in which the probe has a place */
  choose(probe: ProbeDefinition, instances: readonly string[]): readonly string[] {
    const share = shareOf(probe, instances);
    return this.#canaryOf(probe)?.choose(share) ?? share;
  }

  /** @returns whether the probe has a canary, of which it took too much */
  hear(probe: string, instance: string, report: ProbeReport): boolean {
    return this.#canaries.get(probe)?.hear(instance, report) ?? false;
  }

  /** @param instances those that were chosen */
  view(probe: ProbeDefinition, instances: readonly string[]): RolloutView {
    const canary = this.#canaryOf(probe);
    if (canary === undefined) return { instances, stage: 'all' };
    const { endsAt, trouble } = canary;
    return {
      instances,
      stage: 'canary',
      ...(endsAt !== undefined && { widensAt: endsAt }),
      ...(trouble !== undefined && { trouble }),
    };
  }

  end(probe: string): void {
    this.#canaries.get(probe)?.stop();
    this.#canaries.delete(probe);
  }

  stop(): void {
    for (const canary of this.#canaries.values()) canary.stop();
  }

  #canaryOf(probe: ProbeDefinition): Canary | undefined {
    const rule = probe.target.canary;
    if (rule === undefined || probe.widenedAt !== undefined) return undefined;
    const canary = this.#canaries.get(probe.id) ?? new Canary(rule.quietMs, () => this.#widen(probe));
    this.#canaries.set(probe.id, canary);
    return canary;
  }
}

/** The first in an order that every probe has for itself, so that those that come and go change little of it. */
function shareOf(probe: ProbeDefinition, instances: readonly string[]): string[] {
  const { share = 1 } = probe.target;
  const ranks = ranksOf(probe, instances);
  const ordered = instances.toSorted((a, b) => ranks.get(a)! - ranks.get(b)!);
  return ordered.slice(0, Math.max(1, Math.ceil(share * instances.length - ROUNDING)));
}

/** 0.1 of 30 is three, not the four that 3.0000000000000004 comes to. */
const ROUNDING = 1e-9;

const known = new WeakMap<ProbeDefinition, ReadonlyMap<string, number>>();

/** Where processes are in a probe's order. Of very many only those that have come are looked at. */
function ranksOf(probe: ProbeDefinition, instances: readonly string[]): ReadonlyMap<string, number> {
  const before = known.get(probe);
  const ranks = new Map(
    instances.map((instance) => [instance, before?.get(instance) ?? rank(probe.id, instance)]),
  );
  known.set(probe, ranks);
  return ranks;
}

const rank = (probe: string, instance: string): number =>
  createHash('sha256').update(`${probe} ${instance}`).digest().readUIntBE(0, 6);
