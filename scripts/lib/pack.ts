import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.ts';
import { read } from './run.ts';

export interface PackageJson {
  readonly name: string;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly engines: { readonly node: string };
}

export interface Packed {
  readonly json: PackageJson;
  /** Where it is. */
  readonly tarball: string;
}

/** Those that are released. */
const PACKAGES = ['protocol', 'expression', 'transformer', 'runtime', 'collector', 'cli', 'dormouse'];

/** Every package, built before, as npm would publish it, into a folder. */
export function packAll(folder: string): Packed[] {
  return PACKAGES.map((name) => pack(name, folder));
}

function pack(name: string, folder: string): Packed {
  const directory = join(ROOT, 'packages', name);
  const json = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as PackageJson;
  const [result] = JSON.parse(
    read('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { cwd: directory }),
  ) as { filename: string }[];
  if (result === undefined) throw new Error(`npm pack said nothing about ${json.name}.`);
  return { json, tarball: join(folder, result.filename) };
}
