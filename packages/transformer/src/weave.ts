import { basename, dirname, isAbsolute, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CONTRACT_VERSION, type ManifestFile, type SkipCode, type SkippedFile } from '@dormouse/protocol';
import type { EncodedSourceMap } from '@jridgewell/gen-mapping';
import remapping from '@jridgewell/remapping';
import type { SourceMapInput, TraceMap } from '@jridgewell/trace-mapping';
import { htmlComment } from './1-parse/html-comment.js';
import { misreadLet } from './1-parse/misread-let.js';
import { literalsOf } from './1-parse/literals.js';
import { type Goal, type Parsed, isWeavable, parse } from './1-parse/parse.js';
import { analyse } from './2-plan/analyse.js';
import { planFile } from './2-plan/plan.js';
import { shadowedGlobal } from './2-plan/shadowed-global.js';
import { findUntouched, isFileIgnored } from './2-plan/untouched.js';
import { type SwitchSource, fileInsertions } from './3-write/insertions.js';
import { render } from './3-write/render.js';
import { wovenId } from './3-write/switches.js';
import { findChangedExports } from './4-verify/cjs-exports.js';
import { findDamage } from './4-verify/verify.js';
import { manifestFile } from './manifest-file.js';
import { type SourceReader, mappedText, readMap } from './origin/mapped-text.js';
import type { Origin } from './origin/origin.js';
import { ownText } from './origin/own-text.js';
import { type Secrets, findSecrets } from './origin/secrets.js';
import { sha256 } from './origin/sha256.js';

export interface WeaveOptions {
  /** Path of the file; its extension says which language it is. */
  readonly filename: string;
  /** The source map of `code`, as an object or JSON text. Default: `code` is the original. */
  readonly map?: SourceMapInput | string | null | undefined;
  /**
   * What the result's map leads to: the `originals`, through `map`, or the `given` text, for a host that
   * composes the maps of its steps itself. Default: `originals`.
   */
  readonly mapTo?: 'originals' | 'given' | undefined;
  /** Directory that the manifest's paths are relative to. Default: the working directory. */
  readonly root?: string | undefined;
  /** Path of the file that will run, where it is not `filename`. */
  readonly output?: string | undefined;
  /**
   * What the text will run as. Default: by extension, then by the syntax in it. TypeScript with module
   * syntax that is then compiled to CommonJS is a `script`.
   */
  readonly goal?: Goal | undefined;
  /** The language of `code`, where the extension tells that of its original. Default: by extension. */
  readonly language?: 'js' | 'jsx' | 'ts' | 'tsx' | undefined;
  /**
   * How the file gets its switches. `imported`: an ES module imports them from a module of their own, whose text a
   * bundler's plugin finds by {@link switchModule}. `given`: the text relies on a host that has run
   * {@link switchDefinition} in its realm before. Default: `own`, without help from anything.
   */
  readonly switches?: SwitchSource | undefined;
  /** Reads a source whose text `map` does not carry, given its absolute path. Default: none is read. */
  readonly readSource?: ((path: string) => string | undefined) | undefined;
}

/** A file, or a function of it, that was left as it was. */
export interface Skip extends SkippedFile {
  /** The line, from 1, of a function; absent where the whole file was left. */
  readonly line?: number;
}

export interface WeaveResult {
  readonly code: string;
  /** From `code` to what `mapTo` asks for; the given map itself where nothing was woven. */
  readonly map: EncodedSourceMap | null;
  /** What was woven; `null` where nothing was. */
  readonly manifest: ManifestFile | null;
  readonly skipped: readonly Skip[];
}

/**
 * Weaves dormant hooks into one file. It never throws: what cannot be woven comes back as it was,
 * with the reason in `skipped`. The same input always gives the same output.
 */
export function weave(code: string, options: WeaveOptions): WeaveResult {
  try {
    return weaveOrSkip(code, options);
  } catch (error) {
    return left(code, options, 'weaver-error', error instanceof Error ? error.message : String(error));
  }
}

function weaveOrSkip(code: string, options: WeaveOptions): WeaveResult {
  const skip = (skipCode: SkipCode, reason: string): WeaveResult => left(code, options, skipCode, reason);
  if (/\.d\.[mc]?ts$/i.test(options.filename)) return skip('declaration-file', 'It has types only.');
  const textName =
    options.language === undefined ? options.filename : `${options.filename}.${options.language}`;
  if (!isWeavable(textName)) return skip('parse-error', 'It is neither JavaScript nor TypeScript.');
  if (wovenId(code) !== undefined) return skip('already-woven', 'It has been woven before.');

  const parsed = parse(code, textName, options.goal);
  const literals = literalsOf(parsed.file);
  if (parsed.error !== undefined) return skip('parse-error', parsed.error);
  if (isFileIgnored(parsed.file, literals))
    return skip('ignored', 'A dormouse-ignore-file comment excludes it.');
  if (parsed.goal === 'script' && htmlComment(code, literals)) {
    return skip('parse-error', 'It has HTML-like comments, which the parser does not know.');
  }
  if (misreadLet(parsed.file))
    return skip('parse-error', 'It has a line that begins with a variable named `let`.');
  const analysis = analyse(parsed.file);
  const shadowed = shadowedGlobal(analysis);
  if (shadowed !== undefined) return skip('shadowed-global', `It declares \`${shadowed}\` itself.`);

  const root = options.root ?? process.cwd();
  const map = options.map == null || options.map === '' ? undefined : readMap(options.map);
  const origin = originOf(parsed, map, options, root);
  const secrets = findSecrets(parsed, literals, origin);
  const untouched = findUntouched(parsed.file, literals, analysis);
  const plan = planFile(parsed.file, analysis, untouched, origin, secrets.has);
  const functionSkips = plan.left.map(({ offset, reason }): Skip => ({
    path: pathIn(root, options.filename),
    code: 'ignored',
    reason,
    line: origin.placeOf(offset)?.line ?? 1,
  }));
  if (plan.functions.length === 0) {
    const empty = skip('empty', 'It has nothing to stop at.');
    return { ...empty, skipped: [...functionSkips, ...empty.skipped] };
  }

  const output = pathIn(root, options.output ?? options.filename);
  const id = fileId(output, code, secrets.names);
  const insertions = fileInsertions(plan, id, parsed, literals, analysis, options.switches);
  const woven = render(parsed.file, literals, insertions, basename(options.filename));
  const damage = findDamage(parsed, insertions, woven.code);
  if (damage !== undefined) return skip('reparse-failed', damage);
  const changed = parsed.goal === 'script' ? findChangedExports(code, woven.code) : undefined;
  if (changed !== undefined) return skip('reparse-failed', changed);
  return {
    code: woven.code,
    map: map === undefined || options.mapTo === 'given' ? woven.map : compose(woven.map, map),
    manifest: manifestFile(plan, parsed.file, origin, id, output, secrets.names),
    skipped: functionSkips,
  };
}

/** Twelve hexadecimal digits over path and content: stable across machines, different for every file. */
function fileId(path: string, code: string, { variable, property }: Secrets['names']): string {
  return sha256([CONTRACT_VERSION, path, code, ...variable, ...property].join('\0')).slice(0, 12);
}

function originOf({ file }: Parsed, map: TraceMap | undefined, options: WeaveOptions, root: string): Origin {
  if (map === undefined) return ownText(file, pathIn(root, options.filename));
  const directory = dirname(resolve(root, options.filename));
  const absolute = (source: string): string =>
    source.startsWith('file:') ? fileURLToPath(source) : resolve(directory, source);
  const reader: SourceReader = {
    pathOf: (source) => pathIn(root, absolute(source)),
    read: (source) => options.readSource?.(absolute(source)),
  };
  return mappedText(file, map, reader);
}

/** The remapping library asks again for the sources of the given map, which may have the file's own name. */
function compose(woven: EncodedSourceMap, given: TraceMap): EncodedSourceMap {
  return remapping(woven as SourceMapInput, (_source, { depth }) =>
    depth === 1 ? given : null,
  ) as EncodedSourceMap;
}

function left(code: string, options: WeaveOptions, skipCode: SkipCode, reason: string): WeaveResult {
  const path = pathIn(options.root ?? process.cwd(), options.filename);
  return { code, map: givenMap(options.map), manifest: null, skipped: [{ path, code: skipCode, reason }] };
}

function givenMap(map: WeaveOptions['map']): EncodedSourceMap | null {
  if (map == null || map === '') return null;
  try {
    return (typeof map === 'string' ? JSON.parse(map) : map) as EncodedSourceMap;
  } catch {
    return null;
  }
}

/** A path relative to `root`, with `/` on every system. */
function pathIn(root: string, path: string): string {
  return relative(root, isAbsolute(path) ? path : resolve(root, path)).replaceAll('\\', '/');
}
