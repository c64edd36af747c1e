import type { ManifestFile, ManifestFunction } from '@dormouse/protocol';
import { compileGlob } from './glob.js';

/** Whether a function of a build may never be probed. */
export type Denies = (file: ManifestFile, fn: ManifestFunction) => boolean;

/**
 * Compiles one entry of a deny list. The collector refuses by it, and the process, which has the last word.
 * @param entry `src/vault/**` a file of the source or of the build, `src/pay.ts#charge*` a function of it, `#decrypt` of
 *   any file, as stacks show its name; a file without a folder is one of any folder
 */
export function compileDenyEntry(entry: string): Denies {
  const [path = '', name = ''] = entry.split('#', 2);
  const matchesPath = path === '' ? () => true : remembering(compileGlob(anywhere(path)));
  const matchesName = name === '' ? () => true : compileGlob(name);
  return (file, fn) =>
    matchesName(fn.name) &&
    [file.output, file.sources[fn.source]?.path].some((text) => text !== undefined && matchesPath(text));
}

/** A file has many functions. */
function remembering(matches: (text: string) => boolean): (text: string) => boolean {
  const answers = new Map<string, boolean>();
  return (text) => {
    const answer = answers.get(text) ?? matches(text);
    answers.set(text, answer);
    return answer;
  };
}

/** As in `.gitignore`: a name alone is one of any folder, and a folder is all that it holds. */
function anywhere(path: string): string {
  const whole = path.endsWith('/') ? `${path}**` : path;
  return /\/./.test(path) ? whole.replace(/^\.?\//, '') : `**/${whole}`;
}
