import type { AgentDetail } from '@dormouse/protocol';

/** What is told as a total is shown as a share of the last so many ms: a budget counts over as long. */
const WINDOW_MS = 10_000;

interface Sample {
  readonly at: number;
  readonly spentMs: number;
}

/** How much of their main threads processes give to probes, made of what they have given in all. */
export class Overheads {
  #samples: ReadonlyMap<string, readonly Sample[]> = new Map();

  /** @param at when they said so, ms since 1970 */
  add(agents: readonly AgentDetail[], at: number): void {
    this.#samples = new Map(
      agents.flatMap(({ instance, budget }) =>
        budget === undefined ? [] : [[instance, this.#with(instance, { at, spentMs: budget.spentMs })]],
      ),
    );
  }

  /** 0 to 1; undefined until the process was heard of twice. */
  shareOf(instance: string): number | undefined {
    const samples = this.#samples.get(instance) ?? [];
    const [first, last] = [samples[0], samples.at(-1)];
    if (first === undefined || last === undefined || last.at === first.at) return undefined;
    return (last.spentMs - first.spentMs) / (last.at - first.at);
  }

  #with(instance: string, sample: Sample): readonly Sample[] {
    const earlier = this.#samples.get(instance) ?? [];
    return [...earlier.filter(({ at }) => sample.at - at <= WINDOW_MS), sample];
  }
}
