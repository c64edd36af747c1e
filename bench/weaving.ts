/**
 * `npm run bench -- weaving`: what weaving costs a build. Size of the programs woven: raw, gzip, minified, minified and
 * gzip. Speed of the weaver over them in MB/s, over one file of up to 10 MB, and as a share of `tsc` in builds that start
 * from nothing, from what the weaver remembers, and from an unchanged build.
 *
 * `--rounds N`: builds per project, compiler and start, default 5. `--quick`: 2 rounds, files up to 2 MB.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { weave } from '@dormouse/transformer';
import { transformSync } from 'esbuild';
import { ROOT } from '../scripts/lib/paths.ts';
import { geometricMean } from './lib/alternate.ts';
import { measureBuild, STARTS } from './lib/builds.ts';
import { readOptions } from './lib/options.ts';
import { build, installPrograms, survey, UNTREATED } from './lib/programs.ts';
import { judged, machine, ratio, table, writeResults } from './lib/results.ts';

const GOAL = { size: 1.6, build: 1.25 };
const MEGABYTE = 1_000_000;

const { programs: wanted, quick, rounds } = readOptions(5, 2);
const lengths = quick ? [1, 2] : [1, 2, 5, 10];

/** Bytes. */
interface Size {
  readonly raw: number;
  readonly gzip: number;
  readonly minified: number;
  readonly minifiedGzip: number;
}
const SIZES = ['raw', 'gzip', 'minified', 'minifiedGzip'] as const;

interface Program {
  readonly program: string;
  readonly files: number;
  readonly unwoven: Size;
  readonly ratio: Size;
  readonly megabytesPerSecond: number;
}

interface Length {
  readonly megabytes: number;
  readonly seconds: number;
}

const PROJECTS = ['examples/trades', 'packages/collector'];
const COMPILERS = { 'TypeScript 6': 'typescript', 'TypeScript 7': '@typescript/native' };

installPrograms();
const programs = wanted.map(measureProgram);
const scaling = lengths.map(measureLength);
const builds = PROJECTS.flatMap((project) =>
  Object.entries(COMPILERS).map(([compiler, directory]) => {
    const times = measureBuild(project, directory, rounds);
    console.error(
      `${project}, ${compiler}: ${STARTS.map((start) => times[start].ratio.median.toFixed(2)).join(' ')}`,
    );
    return { project, compiler, ...times };
  }),
);
writeResults('weaving', { machine: machine(), rounds, programs, scaling, builds }, markdown());

function measureProgram(program: string): Program {
  const folder = build(program, UNTREATED);
  const files = survey(program).files.filter((file) => file.startsWith('node_modules/'));
  const before = files.map((file) => readFileSync(join(folder, file), 'utf8'));
  const started = performance.now();
  const after = before.map((code, index) => {
    const filename = join(folder, files[index] as string);
    return weave(code, { filename, root: folder }).code;
  });
  const seconds = (performance.now() - started) / 1_000;
  const unwoven = sizeOf(before);
  const woven = sizeOf(after);
  const perKind = (kind: keyof Size): number => woven[kind] / unwoven[kind];
  console.error(`${program}: ${SIZES.map((kind) => perKind(kind).toFixed(2)).join(' ')}`);
  return {
    program,
    files: files.length,
    unwoven,
    ratio: {
      raw: perKind('raw'),
      gzip: perKind('gzip'),
      minified: perKind('minified'),
      minifiedGzip: perKind('minifiedGzip'),
    },
    megabytesPerSecond: unwoven.raw / MEGABYTE / seconds,
  };
}

function sizeOf(texts: readonly string[]): Size {
  const raw = texts.join('\n');
  const minified = texts
    .map((text) => transformSync(text, { minify: true, legalComments: 'none' }).code)
    .join('\n');
  return {
    raw: raw.length,
    gzip: gzipSync(raw).length,
    minified: minified.length,
    minifiedGzip: gzipSync(minified).length,
  };
}

/** One file made of as many copies of acorn, which wraps itself in a function, as it takes. */
function measureLength(megabytes: number): Length {
  const copy = readFileSync(join(ROOT, 'node_modules/acorn/dist/acorn.js'), 'utf8');
  const code = copy.repeat(Math.round((megabytes * MEGABYTE) / copy.length));
  const started = performance.now();
  const { manifest } = weave(code, { filename: 'long.cjs' });
  if (manifest === null) throw new Error(`A file of ${megabytes} MB was not woven.`);
  const seconds = (performance.now() - started) / 1_000;
  console.error(`${megabytes} MB: ${seconds.toFixed(1)} s`);
  return { megabytes, seconds };
}

function markdown(): string {
  const sizes = table(
    ['', 'unwoven, kB', 'raw', 'gzip', 'minified', 'minified + gzip', 'MB/s'],
    [
      ...programs.map(({ program, unwoven, ratio: of, megabytesPerSecond }) => [
        program,
        (unwoven.raw / 1_000).toFixed(0),
        ...SIZES.map((kind) => judged(of[kind], kind === 'minifiedGzip' ? GOAL.size : Infinity)),
        megabytesPerSecond.toFixed(1),
      ]),
      [
        'geometric mean',
        '',
        ...SIZES.map((kind) =>
          judged(
            geometricMean(programs.map(({ ratio: of }) => of[kind])),
            kind === 'minifiedGzip' ? GOAL.size : Infinity,
          ),
        ),
        geometricMean(programs.map(({ megabytesPerSecond }) => megabytesPerSecond)).toFixed(1),
      ],
    ],
  );
  const lengthsTable = table(
    ['file', 'seconds', 'MB/s'],
    scaling.map(({ megabytes, seconds }) => [
      `${megabytes} MB`,
      seconds.toFixed(1),
      (megabytes / seconds).toFixed(2),
    ]),
  );
  const buildsTable = table(
    ['project', 'compiler', 'cold: tsc, ms', 'cold', 'again', 'unchanged: tsc, ms', 'unchanged'],
    builds.map(({ project, compiler, cold, again, unchanged }) => [
      project,
      compiler,
      cold.tscMs.median.toFixed(0),
      ratio(cold.ratio, GOAL.build),
      ratio(again.ratio),
      unchanged.tscMs.median.toFixed(0),
      ratio(unchanged.ratio),
    ]),
  );
  return `# What weaving costs a build

**Bold**: above the goal. Written by \`npm run bench -- weaving\` on ${machine()}. [Why goals are missed](why.md).

## Size

The files that a program loads, woven, as ratios to unwoven. Goal: ${GOAL.size} minified (by esbuild) and gzip. MB/s is the
speed of the weaver over unwoven text, in one process, the first files while it is cold.

${sizes}
## One long file

Copies of acorn in one file. Goal: time grows as the length does.

${lengthsTable}
## A build

\`dormouse tsc\` to \`tsc\`, whole processes in turn, as median (minimum–maximum) of the ratios of ${rounds} rounds. Cold:
without outputs, and without what the weaver remembers; goal ${GOAL.build}. Again: without outputs. Unchanged: nothing is to be
emitted. Node's compile cache is used by both, and filled by the first round.

${buildsTable}`;
}
