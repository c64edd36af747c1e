/**
 * `npm run bench -- weaving`: what weaving costs a build. Size of the programs woven: raw, gzip, minified, minified and
 * gzip. Speed of the weaver over them in MB/s, over one file of up to 10 MB, and as a share of a cold `tsc`.
 *
 * `--rounds N`: builds per compiler, default 5. `--quick`: 2 rounds, files up to 2.5 MB.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { weave } from '@dormouse/transformer';
import { transformSync } from 'esbuild';
import { CLI } from '../scripts/lib/example.ts';
import { ROOT } from '../scripts/lib/paths.ts';
import { read } from '../scripts/lib/run.ts';
import { alternateSync, geometricMean, ratios, spread, type Spread } from './lib/alternate.ts';
import { readOptions } from './lib/options.ts';
import { build, installPrograms, survey, UNTREATED } from './lib/programs.ts';
import { judged, machine, ratio, table, writeResults } from './lib/results.ts';

const GOAL = { size: 1.6, build: 1.25 };
const MEGABYTE = 1_000_000;

const { programs: wanted, quick, rounds } = readOptions(5, 2);
const lengths = quick ? [0.5, 1, 2.5] : [0.5, 1, 2.5, 5, 10];

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

interface Build {
  /** Relative to the repository. */
  readonly project: string;
  readonly tscMs: Spread;
  /** Of `dormouse tsc` to `tsc`, round by round. */
  readonly ratio: Spread;
}

/** Everything anew, and no declarations: they would share the time with nothing to weave. */
const COLD = [
  '--composite',
  'false',
  '--incremental',
  'false',
  '--declaration',
  'false',
  '--declarationMap',
  'false',
];

installPrograms();
const programs = wanted.map(measureProgram);
const scaling = lengths.map(measureLength);
const builds = ['examples/trades', 'packages/collector'].map(measureBuild);
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

/** A cold build as the user feels it, by `tsc` and by `dormouse tsc`, each a process of its own. */
function measureBuild(project: string): Build {
  const folder = mkdtempSync(join(tmpdir(), 'dormouse-bench-'));
  const compilers = [
    { name: 'tsc', args: [join(ROOT, 'node_modules/typescript/bin/tsc')] },
    { name: 'dormouse', args: [CLI, 'tsc'] },
  ];
  try {
    const milliseconds = (args: readonly string[]): number => {
      rmSync(folder, { recursive: true });
      const started = performance.now();
      read(process.execPath, [...args, '-p', join(ROOT, project), '--outDir', join(folder, 'dist'), ...COLD]);
      return performance.now() - started;
    };
    const series = alternateSync(compilers, rounds, ({ args }) => ({ ms: milliseconds(args) }));
    const [plain = [], woven = []] = compilers.map(({ name }) => series.get(name)?.['ms']);
    const added = ratios(woven, plain);
    console.error(`${project}: ${added.median.toFixed(2)}`);
    return { project, tscMs: spread(plain), ratio: added };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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
    ['project', 'tsc, ms', 'dormouse tsc / tsc'],
    builds.map(({ project, tscMs, ratio: of }) => [project, tscMs.median.toFixed(0), ratio(of, GOAL.build)]),
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
## A cold build

\`dormouse tsc\` against \`tsc\` (TypeScript 6), whole processes, median (minimum–maximum) over ${rounds} rounds. Goal: ${GOAL.build}.

${buildsTable}`;
}
