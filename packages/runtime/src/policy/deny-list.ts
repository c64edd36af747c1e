import type { FunctionAddress, Manifest, ManifestFile, ManifestFunction } from '@dormouse/protocol';
import { compileGlob } from './glob.js';

/** Which functions of the running build may never be probed. */
export type Denies = (at: FunctionAddress) => boolean;

/**
 * @param entries `src/vault/**` a file of the source or of the build, `src/pay.ts#charge*` a function of it, `#decrypt` of
 *   any file, as stacks show its name; a file without a folder is one of any folder
 * @param manifest of the running build; where there is none nobody can tell, and everything is denied
 */
export function readDenyList(entries: readonly string[], manifest: Manifest | undefined): Denies {
  if (entries.length === 0) return () => false;
  if (manifest === undefined) return () => true;
  const rules = entries.map(readEntry);
  const denied = new Map<string, ReadonlySet<number>>();
  for (const file of manifest.files) {
    const functions = file.functions.filter((owner) => rules.some((rule) => rule(file, owner)));
    if (functions.length > 0) denied.set(file.id, new Set(functions.map(({ index }) => index)));
  }
  return ({ file, functionIndex }) => denied.get(file)?.has(functionIndex) === true;
}

type Rule = (file: ManifestFile, owner: ManifestFunction) => boolean;

function readEntry(entry: string): Rule {
  const [path = '', name = ''] = entry.split('#', 2);
  const matchesPath = path === '' ? () => true : compileGlob(anywhere(path));
  const matchesName = name === '' ? () => true : compileGlob(name);
  return (file, owner) =>
    matchesName(owner.name) &&
    [file.output, file.sources[owner.source]?.path].some((text) => text !== undefined && matchesPath(text));
}

/** As in `.gitignore`: a name alone is one of any folder, and a folder is all that it holds. */
function anywhere(path: string): string {
  const whole = path.endsWith('/') ? `${path}**` : path;
  return /\/./.test(path) ? whole.replace(/^\.?\//, '') : `**/${whole}`;
}
