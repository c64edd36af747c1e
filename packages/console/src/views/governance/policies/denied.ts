import { compileDenyEntry, type Denies } from '@dormouse/expression/deny';
import type { FunctionView } from '@dormouse/protocol';

/** What an entry of a deny list means for the code that runs now. */
export interface Denied {
  readonly entry: string;
  /** By file and line. */
  readonly functions: readonly FunctionView[];
  readonly files: number;
  /** Lines that can be probed without it. */
  readonly lines: number;
}

/** Which of some functions an entry denies, by the very rule of the process. Names of built files are not known here. */
export function deniedBy(entry: string, functions: readonly FunctionView[]): Denied {
  const denies = compileDenyEntry(entry);
  const denied = functions.filter((fn) => isDenied(fn, denies));
  return {
    entry,
    functions: denied,
    files: new Set(denied.map(({ file }) => file)).size,
    lines: denied.reduce((sum, { lines }) => sum + lines.length, 0),
  };
}

/** The parts of an entry that stand in names as they are, for a search: `src/pay.ts#charge*` → `src pay.ts charge`. */
export const wordsIn = (entry: string): string =>
  entry
    .split(/[/#*?]+/)
    .filter((word) => word !== '' && word !== '.')
    .join(' ');

/** The manifest's function, as far as an entry looks at it. */
function isDenied({ file, function: name }: FunctionView, denies: Denies): boolean {
  const manifestFile = { output: file, sources: [{ path: file, hash: '' }] };
  return denies(
    manifestFile as unknown as Parameters<Denies>[0],
    { name, source: 0 } as Parameters<Denies>[1],
  );
}
