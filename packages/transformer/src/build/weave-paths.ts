import { cpSync, existsSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { MANIFEST_FILE } from '@dormouse/protocol';
import { TransformerError } from '../transformer-error.js';
import { readIfThere } from './emitted-file.js';
import { matcher } from './glob.js';
import { isJavaScript, javaScriptIn } from './javascript-in.js';
import { ancestors, commonDirectory, isWithin, manifestPlace } from './manifest-place.js';
import { type WeaveReport, type WeaveSettings, weaveFiles } from './weave-files.js';

export interface WeavePathsOptions extends WeaveSettings {
  /** Directory that gets the woven files and all others. Default: files are woven in place. */
  readonly out?: string | undefined;
  /** The project's directory; paths in the manifest are relative to it. Default: the nearest with a package.json that has a name. */
  readonly root?: string | undefined;
  /** Path of the manifest. Default: where an earlier build left it, else in what all files have in common. */
  readonly manifest?: string | undefined;
  /** Globs relative to `root`, those without a slash about names; only these files are woven. Default: all. */
  readonly include?: readonly string[] | undefined;
  /** Globs of files that are not woven. Default: none. */
  readonly exclude?: readonly string[] | undefined;
}

/**
 * Weaves emitted JavaScript: the files named, and all in the directories named.
 * @throws TransformerError `NO_FILES` where that is nothing
 */
export function weavePaths(paths: readonly string[], options: WeavePathsOptions = {}): WeaveReport {
  const places = paths.map(placeOf);
  const base = baseOf(places);
  const root = options.root === undefined ? projectAround(base) : resolve(options.root);
  const out = options.out === undefined ? undefined : resolve(options.out);
  const isChosen = chooser(root, options);
  const files = places.flatMap(filesIn).filter((path) => out === undefined || !isWithin(path, out));
  const chosen = files.filter(isChosen);
  if (chosen.length === 0) throw nothingIn(paths, files.length > 0);

  const manifestPath = options.manifest === undefined ? undefined : resolve(options.manifest);
  if (out === undefined) {
    const place = manifestPath === undefined ? manifestPlace(chosen, root) : { manifestPath, root };
    return weaveFiles(chosen, { ...options, ...place });
  }
  const targetOf = (path: string): string => join(out, relative(base, path));
  for (const place of places) if (place.isDirectory) copyOthers(place.path, out, targetOf, isChosen);
  return weaveFiles(chosen, {
    ...options,
    root,
    manifestPath: manifestPath ?? join(out, MANIFEST_FILE),
    targetOf,
  });
}

interface PlaceOnDisk {
  readonly path: string;
  readonly isDirectory: boolean;
}

function placeOf(path: string): PlaceOnDisk {
  const absolute = resolve(path);
  const found = statSync(absolute, { throwIfNoEntry: false });
  if (found === undefined) throw new TransformerError('NO_FILES', `${path} does not exist: build it first.`);
  return { path: absolute, isDirectory: found.isDirectory() };
}

function baseOf(places: readonly PlaceOnDisk[]): string {
  const directories = places.map(({ path, isDirectory }) => (isDirectory ? path : dirname(path)));
  return commonDirectory(directories) ?? process.cwd();
}

function filesIn({ path, isDirectory }: PlaceOnDisk): readonly string[] {
  return isDirectory ? javaScriptIn(path) : [path];
}

/** A package.json without a name only says how to read the files beside it, as in `dist/cjs`. */
function projectAround(base: string): string {
  const isProject = (directory: string): boolean =>
    /"name"\s*:/.test(readIfThere(join(directory, 'package.json')) ?? '');
  return ancestors(base).find(isProject) ?? dirname(base);
}

function chooser(root: string, { include, exclude = [] }: WeavePathsOptions): (path: string) => boolean {
  const isIncluded = include === undefined ? () => true : matcher(include);
  const isExcluded = matcher(exclude);
  return (path) => {
    const name = relative(root, path).replaceAll('\\', '/');
    return isIncluded(name) && !isExcluded(name);
  };
}

/** A source map follows its woven file. */
function copyOthers(
  directory: string,
  out: string,
  targetOf: (path: string) => string,
  isChosen: (path: string) => boolean,
): void {
  const isOther = (path: string): boolean => {
    const script = path.replace(/\.map$/, '');
    return !isWithin(path, out) && !(isJavaScript(script) && existsSync(script) && isChosen(script));
  };
  cpSync(directory, targetOf(directory), { recursive: true, filter: isOther });
}

function nothingIn(paths: readonly string[], wasExcluded: boolean): TransformerError {
  const where = paths.join(', ');
  return new TransformerError(
    'NO_FILES',
    wasExcluded
      ? `No JavaScript in ${where} is left by the include and exclude patterns; they are about paths relative to the project.`
      : `There is no JavaScript in ${where}: build it first, and name the directory that the compiler writes to.`,
  );
}
