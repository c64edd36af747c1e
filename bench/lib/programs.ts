import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { ROOT } from '../../scripts/lib/paths.ts';
import { read } from '../../scripts/lib/run.ts';

const SOURCES = join(ROOT, 'bench/programs');
const CACHE = join(ROOT, '.cache/bench');
/** Everything, as npm installed it; the builds are made from it. */
const INSTALLED = join(CACHE, 'install/all');

/** The CPU-bound programs, by the name of their file in `bench/programs`. */
export const PROGRAMS: readonly string[] = readdirSync(SOURCES)
  .filter((file) => file.endsWith('.mjs'))
  .map((file) => basename(file, '.mjs'))
  .filter((name) => name !== 'corpus' && name !== 'fastify');

/** What a program consists of and which of its functions work; lines and columns count from 1. */
export interface Survey {
  /** The files it loads, relative to the build. */
  readonly files: readonly string[];
  readonly calls: Readonly<
    Record<string, readonly (readonly [line: number, column: number, count: number])[]>
  >;
}

/** Something that is done to a program's files: `make` changes those of the folder, in place. */
export interface Treatment {
  readonly name: string;
  /** Changes whenever the result would. */
  readonly version: string;
  make(folder: string, files: readonly string[]): void;
}

export const UNTREATED: Treatment = { name: 'unwoven', version: '', make: () => {} };

/** Installs the packages of `bench/programs/package.json` unless they are there. */
export function installPrograms(): void {
  const stamp = hashOf(sourceText('package-lock.json'));
  const marker = join(INSTALLED, '.stamp');
  if (!existsSync(marker) || readFileSync(marker, 'utf8') !== stamp) {
    mkdirSync(INSTALLED, { recursive: true });
    for (const file of ['package.json', 'package-lock.json'])
      cpSync(join(SOURCES, file), join(INSTALLED, file));
    read('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: INSTALLED });
    writeFileSync(marker, stamp);
  }
  cpSync(SOURCES, join(INSTALLED, 'programs'), { recursive: true });
}

/** Runs a program once to see what it is made of. The packages must be installed. */
export function survey(program: string): Survey {
  const file = join(CACHE, 'surveys', `${program}.json`);
  const stamp = hashOf(sourceText('package-lock.json') + sourceText(`${program}.mjs`));
  if (existsSync(file)) {
    const { stamp: before, ...kept } = JSON.parse(readFileSync(file, 'utf8')) as Survey & { stamp: string };
    if (before === stamp) return kept;
  }
  const child = join(ROOT, 'bench/children/survey.mjs');
  const { files, calls } = JSON.parse(read(process.execPath, [child, INSTALLED, program])) as Survey;
  const local = (path: string): string => relative(INSTALLED, path).replaceAll(sep, '/');
  const result: Survey = {
    files: files.map(local),
    calls: Object.fromEntries(Object.entries(calls).map(([path, counts]) => [local(path), counts])),
  };
  mkdirSync(join(CACHE, 'surveys'), { recursive: true });
  writeFileSync(file, JSON.stringify({ stamp, ...result }));
  return result;
}

/** The folder of a program whose every file went through the treatment; made anew only when something changed. */
export function build(program: string, treatment: Treatment): string {
  const folder = join(CACHE, treatment.name, program);
  const { files } = survey(program);
  const stamp = hashOf(
    [sourceText('package-lock.json'), sourceText(`${program}.mjs`), treatment.version].join('\0'),
  );
  const marker = join(folder, '.stamp');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === stamp) return folder;

  rmSync(folder, { recursive: true, force: true });
  for (const directory of packagesOf(files)) {
    cpSync(join(INSTALLED, directory), join(folder, directory), { recursive: true, filter: isCode });
  }
  for (const file of ['package.json', 'programs/corpus.mjs', `programs/${program}.mjs`]) {
    cpSync(join(INSTALLED, file), join(folder, file));
  }
  treatment.make(
    folder,
    files.map((file) => join(folder, file)),
  );
  writeFileSync(marker, stamp);
  return folder;
}

/** `node_modules/@babel/parser` for each package that is loaded. */
function packagesOf(files: readonly string[]): ReadonlySet<string> {
  return new Set(files.flatMap((file) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []));
}

function isCode(path: string): boolean {
  return !/\.(map|md|[mc]?ts)$/.test(path);
}

function sourceText(file: string): string {
  return readFileSync(join(SOURCES, file), 'utf8');
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
