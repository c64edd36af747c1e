/**
 * `npm run bench -- programs`: published CPU-bound programs, woven whole, in four states on every Node line, as ratios
 * to the same programs unwoven: speed when warm, memory, and the time from start to the first piece of work.
 *
 * `--node LINE` and `--program NAME`, repeatable, measure only those; the other figures stay. `--rounds N`: processes
 * per variant, default 3. `--quick`: Node 24, 1 round.
 */
import { join } from 'node:path';
import { ROOT } from '../scripts/lib/paths.ts';
import { installNode, NODE_VERSIONS } from '../scripts/lib/nodes.ts';
import { openStage, type Stage } from '../scripts/lib/stage.ts';
import { alternate, ratios, spread, type Series, type Spread, type Variant } from './lib/alternate.ts';
import { readOptions } from './lib/options.ts';
import { build, installPrograms, survey, UNTREATED } from './lib/programs.ts';
import { judged, machine, meanOf, ratio, readResults, saveResults, table } from './lib/results.ts';
import { NO_RUNTIME, type State, states, uploadLargeManifest } from './lib/states.ts';
import { extremes, WOVEN } from './lib/weaving.ts';

const GOAL = { mean: 1.02, worst: 1.05, memory: 1.1, start: 1.15 };
/** Large parsers and compilers are optimised no sooner. */
const WARM_MS = '1500';
const MEASURE_MS = '400';
const BASELINE = 'unwoven';
/** Starting takes a tenth of the time that warming up takes. */
const STARTS_PER_ROUND = 3;

const { nodes, programs, rounds } = readOptions(3, 1);

/** Ratios to the unwoven program. */
interface Measured {
  readonly rounds: number;
  /** Milliseconds per call of `work`, unwoven. */
  readonly milliseconds: Spread;
  readonly states: Readonly<
    Record<
      string,
      { readonly time: Spread; readonly cpu: Spread; readonly heap: Spread; readonly rss: Spread }
    >
  >;
  /** Of the whole process, and without what Node itself needs. */
  readonly start: { readonly process: Spread; readonly program: Spread };
  /** Milliseconds of the whole process, unwoven. */
  readonly startMilliseconds: Spread;
}

type Results = Record<string, Record<string, Measured>>;

installPrograms();
const stage = await openStage();
try {
  for (const line of nodes) {
    for (const program of programs) {
      const measured = await measure(line, program, stage);
      keep(line, program, measured);
      console.error(progress(line, program, measured));
    }
  }
  console.log(markdown(readAll()));
} finally {
  await stage.close();
}

/** At once: a run takes an hour, and may be broken off. */
function keep(line: string, program: string, measured: Measured): void {
  const results = readAll();
  (results[line] ??= {})[program] = measured;
  saveResults('programs', { machine: machine(), nodes: NODE_VERSIONS, results }, markdown(results));
}

function readAll(): Results {
  return readResults<{ results: Results }>('programs')?.results ?? {};
}

async function measure(line: string, program: string, theStage: Stage): Promise<Measured> {
  const node = installNode(line);
  const unwoven = build(program, UNTREATED);
  const woven = build(program, WOVEN);
  const all = states(woven, `${program}-${line}`, extremes(woven, survey(program)), theStage);
  await uploadLargeManifest(woven, all, theStage);
  const steady = alternate(
    node,
    [
      { ...child('steady', unwoven, program, NO_RUNTIME), name: BASELINE },
      ...all.map((state) => child('steady', woven, program, state)),
    ],
    rounds,
  );
  const starts = alternate(
    node,
    [
      { ...child('cold', unwoven, program, NO_RUNTIME), name: BASELINE },
      child('cold', woven, program, NO_RUNTIME),
    ],
    rounds * STARTS_PER_ROUND,
  );
  return {
    rounds,
    milliseconds: spread(figures(steady, BASELINE, 'time')),
    states: Object.fromEntries(
      all.map(({ name }) => [
        name,
        {
          time: toBaseline(steady, name, 'time'),
          cpu: toBaseline(steady, name, 'cpu'),
          heap: toBaseline(steady, name, 'heap'),
          rss: toBaseline(steady, name, 'rss'),
        },
      ]),
    ),
    start: {
      process: toBaseline(starts, NO_RUNTIME.name, 'process'),
      program: toBaseline(starts, NO_RUNTIME.name, 'program'),
    },
    startMilliseconds: spread(figures(starts, BASELINE, 'process')),
  };
}

function child(script: string, folder: string, program: string, state: State): Variant {
  const file = join(ROOT, 'bench/children', `${script}.mjs`);
  return {
    name: state.name,
    args: ['--expose-gc', ...state.imports, file, folder, program, state.word],
    env: { WARM_MS, MEASURE_MS, ...state.env },
  };
}

type AllSeries = ReadonlyMap<string, Series>;

function figures(series: AllSeries, variant: string, figure: string): readonly number[] {
  return series.get(variant)?.[figure] ?? [];
}

function toBaseline(series: AllSeries, variant: string, figure: string): Spread {
  return ratios(figures(series, variant, figure), figures(series, BASELINE, figure));
}

function progress(line: string, program: string, { states: measured, start }: Measured): string {
  const times = Object.values(measured).map(({ time }) => time.median.toFixed(2));
  return `Node ${line}  ${program}  ${times.join(' ')}  start ${start.process.median.toFixed(2)}`;
}

function markdown(all: Results): string {
  const sections = Object.entries(all).map(
    ([line, programs]) => `## Node ${NODE_VERSIONS[line] ?? line}

### Speed when warm

${speedTable(programs)}
### Start and memory

${startTable(programs)}`,
  );
  return `# Published programs, woven whole

Ratios to the unwoven program: median (minimum–maximum) over the rounds; in every round each variant runs once, in a process of
its own. **Bold**: above the goal. Goals: ${GOAL.mean} for the geometric mean and ${GOAL.worst} for each program in each of the
four states; ${GOAL.start} for the start of the whole process; ${GOAL.memory} for memory. Written by
\`npm run bench -- programs\` on ${machine()}. [Why goals are missed](why.md).

${sections.join('\n')}`;
}

function speedTable(programs: Record<string, Measured>): string {
  const measured = Object.entries(programs);
  const names = Object.keys(measured[0]?.[1].states ?? {});
  const timeOf = (one: Measured, state: string): Spread => one.states[state]?.time ?? one.milliseconds;
  return table(
    ['', 'unwoven, ms', ...names],
    [
      ...measured.map(([program, one]) => [
        program,
        one.milliseconds.median.toFixed(2),
        ...names.map((state) => ratio(timeOf(one, state), GOAL.worst)),
      ]),
      [
        'geometric mean',
        '',
        ...names.map((state) => judged(meanOf(measured.map(([, one]) => timeOf(one, state))), GOAL.mean)),
      ],
    ],
  );
}

/** Memory without the runtime and with it: what it takes for itself is the same for every program. */
function startTable(programs: Record<string, Measured>): string {
  const measured = Object.entries(programs);
  const columns: readonly [name: string, goal: number, of: (one: Measured) => Spread | undefined][] = [
    ['start, whole process', GOAL.start, (one) => one.start.process],
    ['start, without Node', Infinity, (one) => one.start.program],
    ['heap, no runtime', GOAL.memory, (one) => one.states[NO_RUNTIME.name]?.heap],
    ['RSS, no runtime', GOAL.memory, (one) => one.states[NO_RUNTIME.name]?.rss],
    ['RSS, connected', GOAL.memory, (one) => one.states['connected, no probe']?.rss],
  ];
  const present = (values: readonly (Spread | undefined)[]): Spread[] =>
    values.filter((value) => value !== undefined);
  return table(
    ['', 'unwoven, ms', ...columns.map(([name]) => name)],
    [
      ...measured.map(([program, one]) => [
        program,
        one.startMilliseconds.median.toFixed(0),
        ...columns.map(([, goal, of]) =>
          present([of(one)])
            .map((value) => ratio(value, goal))
            .join(''),
        ),
      ]),
      [
        'geometric mean',
        '',
        ...columns.map(([, goal, of]) => judged(meanOf(present(measured.map(([, one]) => of(one)))), goal)),
      ],
    ],
  );
}
