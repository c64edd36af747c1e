import { spawnSync } from 'node:child_process';

/** One variant of a measurement: a program that prints `{"name": nanoseconds, …}` as its last line. */
export interface Variant {
  readonly name: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Figures of one variant: for each measured name, one number per process, in the order of the rounds. */
export type Series = Readonly<Record<string, readonly number[]>>;

/**
 * Runs every variant once per round, in turn (A B C A B C …) and in a process of its own, so that drift of
 * the machine's speed falls on all of them alike. Odd rounds run in reverse order.
 * Throws, with what it printed, when a variant fails; and when variants that print an `answer` differ in it.
 */
export function alternate(node: string, variants: readonly Variant[], rounds: number): Map<string, Series> {
  const series = alternateSync(variants, rounds, (variant) => runChild(node, variant));
  const answers = new Set([...series.values()].flatMap(({ answer = [] }) => answer));
  if (answers.size > 1)
    throw new Error(`The answers differ: ${variants.map(({ name }) => name).join(', ')}.`);
  return series;
}

/** The same for anything that `run` measures. */
export function alternateSync<V extends { readonly name: string }>(
  variants: readonly V[],
  rounds: number,
  run: (variant: V) => Readonly<Record<string, number>>,
): Map<string, Series> {
  const { series, collect } = collector(variants);
  for (let round = 0; round < rounds; round++) {
    for (const variant of inTurn(variants, round)) collect(variant.name, run(variant));
  }
  return series;
}

/** The same for what takes its time asynchronously. */
export async function alternateAsync<V extends { readonly name: string }>(
  variants: readonly V[],
  rounds: number,
  run: (variant: V) => Promise<Readonly<Record<string, number>>>,
): Promise<Map<string, Series>> {
  const { series, collect } = collector(variants);
  for (let round = 0; round < rounds; round++) {
    for (const variant of inTurn(variants, round)) collect(variant.name, await run(variant));
  }
  return series;
}

function inTurn<V>(variants: readonly V[], round: number): readonly V[] {
  return round % 2 === 0 ? variants : variants.toReversed();
}

function collector(variants: readonly { readonly name: string }[]): {
  readonly series: Map<string, Series>;
  collect(name: string, figures: Readonly<Record<string, number>>): void;
} {
  const series = new Map<string, Record<string, number[]>>(variants.map(({ name }) => [name, {}]));
  return {
    series,
    collect(variant, figures) {
      const own = series.get(variant) ?? {};
      for (const [name, value] of Object.entries(figures)) (own[name] ??= []).push(value);
    },
  };
}

function runChild(node: string, variant: Variant): Record<string, number> {
  const { status, stdout, stderr } = spawnSync(node, variant.args, {
    encoding: 'utf8',
    env: { ...process.env, ...variant.env },
    timeout: 120_000,
  });
  const last = stdout.trim().split('\n').at(-1) ?? '';
  if (status !== 0) throw new Error(`${variant.name} exited with ${status}:\n${stdout}${stderr}`);
  return JSON.parse(last) as Record<string, number>;
}

/** Minimum, median and maximum. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  const lower = sorted[sorted.length % 2 === 0 ? middle - 1 : middle] ?? Number.NaN;
  return { min: sorted[0] ?? Number.NaN, median: (lower + upper) / 2, max: sorted.at(-1) ?? Number.NaN };
}

/** Ratios of two variants round by round: what the machine did in between cancels out. */
export function ratios(measured: readonly number[], baseline: readonly number[]): Spread {
  return spread(measured.map((value, round) => value / (baseline[round] ?? Number.NaN)));
}

export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}
