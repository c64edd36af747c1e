import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MANIFEST_FILE } from '@dormouse/protocol';
import { CLI } from '../../scripts/lib/example.ts';
import { ROOT } from '../../scripts/lib/paths.ts';
import { read } from '../../scripts/lib/run.ts';
import { alternateSync, ratios, spread, type Spread } from './alternate.ts';

/**
 * What is left from before when a build starts. `cold`: nothing. `again`: what the weaver remembers; the compiler emits
 * all anew. `unchanged`: everything, so that the compiler emits nothing.
 */
export const STARTS = ['cold', 'again', 'unchanged'] as const;

export interface BuildTime {
  readonly tscMs: Spread;
  /** Of `dormouse tsc` to `tsc`, round by round. */
  readonly ratio: Spread;
}

/** No declarations: they would share the time with nothing to weave. */
const OPTIONS = [
  '--composite',
  'false',
  '--incremental',
  '--declaration',
  'false',
  '--declarationMap',
  'false',
];

/**
 * How long whole processes of `tsc` and `dormouse tsc` take, in turn.
 * @param project relative to the repository
 * @param compiler the directory of a TypeScript in `node_modules`
 */
export function measureBuild(
  project: string,
  compiler: string,
  rounds: number,
): Readonly<Record<(typeof STARTS)[number], BuildTime>> {
  const folder = mkdtempSync(join(tmpdir(), 'dormouse-bench-'));
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  symlinkSync(join(ROOT, 'node_modules', compiler), join(modules, 'typescript'));
  const variants = [
    { name: 'tsc', command: [join(modules, 'typescript/bin/tsc')] },
    { name: 'dormouse', command: [CLI, 'tsc'] },
  ];
  const run = ({ name, command }: (typeof variants)[number]): Record<string, number> => {
    const output = join(folder, name);
    const args = ['-p', join(ROOT, project), '--outDir', output, ...OPTIONS];
    args.push('--tsBuildInfoFile', join(output, 'tsbuildinfo'));
    const build = (): number => {
      const started = performance.now();
      read(process.execPath, [...command, ...args], { cwd: folder });
      return performance.now() - started;
    };
    rmSync(output, { recursive: true, force: true });
    rmSync(join(modules, '.cache'), { recursive: true, force: true });
    const cold = build();
    if (name === 'dormouse' && !existsSync(join(output, MANIFEST_FILE)))
      throw new Error('Nothing was woven.');
    rmSync(output, { recursive: true });
    return { cold, again: build(), unchanged: build() };
  };
  try {
    const series = alternateSync(variants, rounds, run);
    const timeFrom = (start: string): BuildTime => {
      const [plain = [], woven = []] = variants.map(({ name }) => series.get(name)?.[start]);
      return { tscMs: spread(plain), ratio: ratios(woven, plain) };
    };
    return { cold: timeFrom('cold'), again: timeFrom('again'), unchanged: timeFrom('unchanged') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
