/**
 * `npm run bench -- others`: the same programs with what exists today, idle, as ratios to unwoven: Dormouse, istanbul's
 * counters, a flag tested before every statement, Datadog's build plugin for live debugging.
 *
 * `--program NAME`, repeatable; `--rounds N`, default 3; `--quick`: 1 round. Node 24.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { transformSync } from 'esbuild';
import { installNode } from '../scripts/lib/nodes.ts';
import { ROOT } from '../scripts/lib/paths.ts';
import { alternate, ratios, type Spread, type Variant } from './lib/alternate.ts';
import { OTHERS } from './lib/others.ts';
import { readOptions } from './lib/options.ts';
import { build, installPrograms, survey, type Treatment, UNTREATED } from './lib/programs.ts';
import { judged, machine, meanOf, ratio, readResults, table, writeResults } from './lib/results.ts';
import { WOVEN } from './lib/weaving.ts';

const CANDIDATES: readonly (Treatment & { readonly preamble?: string })[] = [WOVEN, ...OTHERS];

const { programs, rounds } = readOptions(3, 1);
const node = installNode('24');

interface Measured {
  readonly time: Spread;
  readonly start: Spread;
  /** Minified and gzip. */
  readonly size: number;
}

/** By program, then candidate; or why the program does not run. */
type Results = Record<string, Record<string, Measured | string>>;

installPrograms();
const results = readResults<{ results: Results }>('others')?.results ?? {};
for (const program of programs) {
  results[program] = measure(program);
  console.error(
    program,
    JSON.stringify(results[program], ['istanbul', 'woven', 'flags', 'datadog', 'time', 'median']),
  );
}
writeResults('others', { machine: machine(), rounds, results }, markdown(results));

function measure(program: string): Record<string, Measured | string> {
  const unwoven = build(program, UNTREATED);
  const measured: Record<string, Measured | string> = {};
  for (const candidate of CANDIDATES) {
    try {
      measured[candidate.name] = against(unwoven, candidate, program);
    } catch (error) {
      measured[candidate.name] = reason(error);
    }
  }
  return measured;
}

/** Throws when the treated program does not build or run. */
function against(
  unwoven: string,
  candidate: Treatment & { readonly preamble?: string },
  program: string,
): Measured {
  const treated = build(program, candidate);
  const preamble = candidate.preamble ? ['--import', `data:text/javascript,${candidate.preamble}`] : [];
  const run = (script: string, times: number): Spread[] => {
    const child = (name: string, folder: string, imports: readonly string[]): Variant => ({
      name,
      args: ['--expose-gc', ...imports, join(ROOT, `bench/children/${script}.mjs`), folder, program, 'plain'],
      env: { WARM_MS: '1500', MEASURE_MS: '400' },
    });
    const contestants = [child('unwoven', unwoven, []), child(candidate.name, treated, preamble)];
    const [before = {}, after = {}] = alternate(node, contestants, times).values();
    return ['time', 'process'].flatMap((figure) =>
      figure in after ? [ratios(after[figure] ?? [], before[figure] ?? [])] : [],
    );
  };
  const [time] = run('steady', rounds);
  const [start] = run('cold', rounds * 3);
  if (!time || !start) throw new Error('The child measured nothing.');
  return { time, start, size: sizeOf(treated, program) / sizeOf(unwoven, program) };
}

function sizeOf(folder: string, program: string): number {
  const minified = survey(program)
    .files.filter((file) => file.startsWith('node_modules/'))
    .map((file) => transformSync(readFileSync(join(folder, file), 'utf8'), { minify: true }).code);
  return gzipSync(minified.join('\n')).length;
}

/** The line of an error, or of what a child printed, that says what is wrong. */
function reason(error: unknown): string {
  const lines = String(error instanceof Error ? error.message : error).split('\n');
  return (lines.find((line) => /^\w*Error\b/.test(line)) ?? lines[0] ?? '').slice(0, 160);
}

function markdown(all: Results): string {
  const section = (
    title: string,
    figure: (measured: Measured) => number,
    spread?: (m: Measured) => Spread,
  ) => {
    const cell = (measured: Measured | string | undefined): string =>
      typeof measured !== 'object' ? 'fails' : spread ? ratio(spread(measured)) : figure(measured).toFixed(2);
    const rows = Object.entries(all).map(([program, of]) => [
      program,
      ...CANDIDATES.map(({ name }) => cell(of[name])),
    ]);
    const mean = CANDIDATES.map(({ name }) => {
      const values = Object.values(all).flatMap((of) => {
        const measured = of[name];
        return typeof measured === 'object' ? [figure(measured)] : [];
      });
      return judged(meanOf(values.map((median) => ({ min: median, median, max: median }))), Infinity);
    });
    const header = ['', ...CANDIDATES.map(({ name }) => name)];
    return `## ${title}\n\n${table(header, [...rows, ['geometric mean of those that run', ...mean]])}`;
  };
  const failures = Object.entries(all).flatMap(([program, of]) =>
    Object.entries(of).flatMap(([name, measured]) =>
      typeof measured === 'string' ? [`- ${program}, ${name}: ${measured}\n`] : [],
    ),
  );
  return `# The same programs with what exists today

Idle: nothing is probed or read. Node 24, ratios to the program as published: median (minimum–maximum) over ${rounds} rounds.
Written by \`npm run bench -- others\` on ${machine()}.

- **woven**: Dormouse. Every statement can be probed.
- **istanbul**: counters of statements, branches and functions (istanbul-lib-instrument 6.0.3), as under test coverage.
- **flags**: \`if($flags[17])$hit(17);\` before every statement, a byte array. Statements can be probed, without values.
- **datadog**: @datadog/vite-plugin 3.3.0, \`liveDebugger\`, its transform alone; its SDK, which is for browsers, absent. Entries
  and returns can be probed. A program that gives another answer than before fails.

Not measured: ServiceEvents of AWS's ADOT, which weaves while modules load and runs only inside its own agent.

${section(
  'Speed when warm',
  ({ time }) => time.median,
  ({ time }) => time,
)}
${section(
  'Start of the whole process',
  ({ start }) => start.median,
  ({ start }) => start,
)}
${section('Size, minified and gzip', ({ size }) => size)}${failures.length > 0 ? `\n## Programs that do not run\n\n${failures.join('')}` : ''}`;
}
