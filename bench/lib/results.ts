import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../scripts/lib/paths.ts';
import { geometricMean, type Spread } from './alternate.ts';

const FOLDER = join(ROOT, 'bench/results');

/** What a measurement found earlier, so that a part of it can be measured again; undefined the first time. */
export function readResults<T>(name: string): T | undefined {
  const file = join(FOLDER, `${name}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : undefined;
}

/** Writes `bench/results/NAME.json` and `NAME.md`. */
export function saveResults(name: string, results: unknown, markdown: string): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, `${name}.json`), `${JSON.stringify(results, rounded, 1)}\n`);
  writeFileSync(join(FOLDER, `${name}.md`), markdown);
}

/** The same, and prints the latter. */
export function writeResults(name: string, results: unknown, markdown: string): void {
  saveResults(name, results, markdown);
  console.log(markdown);
}

/** What the figures were measured on: `2 × AMD EPYC`. */
export function machine(): string {
  return `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`;
}

export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

/** `1.02 (0.99–1.05)`; bold where the median is above `goal`. */
export function ratio({ min, median, max }: Spread, goal = Infinity): string {
  return `${judged(median, goal)} (${min.toFixed(2)}–${max.toFixed(2)})`;
}

/** `1.02`; bold where it is above `goal`. Judged as printed. */
export function judged(value: number, goal: number): string {
  const text = value.toFixed(2);
  return Number(text) > goal ? `**${text}**` : text;
}

export function meanOf(ratios: readonly Spread[]): number {
  return geometricMean(ratios.map(({ median }) => median));
}

function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value;
}
