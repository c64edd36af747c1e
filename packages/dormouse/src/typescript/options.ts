import { matcher } from '@dormouse/transformer';

export interface TypeScriptOptions {
  /** The project's directory; paths in the manifest are relative to it. Default: that of the tsconfig.json. */
  readonly root?: string;
  /**
   * Path of the manifest, relative to the root. Default: `dormouse.manifest.json` in the `outDir`, or in the root where
   * there is none.
   */
  readonly manifest?: string;
  /** Patterns of the sources to weave, relative to the root. Default: all. */
  readonly include?: readonly string[];
  /** Patterns of the sources to leave alone. Default: none. */
  readonly exclude?: readonly string[];
}

export interface Settings {
  readonly root: string | undefined;
  readonly manifest: string | undefined;
  /** Whether a source is woven, given its path relative to the root, with `/`. */
  isWoven(source: string): boolean;
}

const KNOWN = new Set(['root', 'manifest', 'include', 'exclude']);

/** What hosts put beside our options in the same object. */
const OF_HOSTS =
  /^(?:transform|path|name|import|type|after|before|afterDeclarations|transformProgram|options)$/;

/** @throws where an option is unknown or of the wrong type: a build should not go on without what was asked for */
export function readOptions(options: TypeScriptOptions = {}): Settings {
  for (const key of Object.keys(options)) {
    if (KNOWN.has(key) || OF_HOSTS.test(key)) continue;
    throw new Error(`dormouse/typescript has no option \`${key}\`; it knows ${[...KNOWN].join(', ')}.`);
  }
  const isIncluded = matcher(patterns('include', options.include) ?? ['**']);
  const isExcluded = matcher(patterns('exclude', options.exclude) ?? []);
  return {
    root: text('root', options.root),
    manifest: text('manifest', options.manifest),
    isWoven: (source) => isIncluded(source) && !isExcluded(source),
  };
}

function text(option: string, value: unknown): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  throw new Error(`dormouse/typescript: \`${option}\` must be a path, not ${JSON.stringify(value)}.`);
}

function patterns(option: string, value: unknown): readonly string[] | undefined {
  const isList = Array.isArray(value) && value.every((pattern) => typeof pattern === 'string');
  if (value === undefined || isList) return value;
  throw new Error(
    `dormouse/typescript: \`${option}\` must be a list of patterns, not ${JSON.stringify(value)}.`,
  );
}
