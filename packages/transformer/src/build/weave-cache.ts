import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CONTRACT_VERSION } from '@dormouse/protocol';
import { typeScriptVersion } from '../1-parse/typescript.js';
import { sha256 } from '../origin/sha256.js';
import { type WeaveOptions, type WeaveResult, weave } from '../weave.js';
import { javaScriptIn } from './javascript-in.js';
import { ancestors } from './manifest-place.js';
import { weaver } from './weaver-name.js';

/**
 * Remembers on disk what was woven from what. An entry is found by everything that the result depends on:
 * text, map, options and the weaver itself. Several processes may use one directory at once: entries appear
 * whole or not at all, and one whose checksum is wrong is as good as none. Whatever goes wrong with the disk,
 * the file is woven as if there were no cache.
 */
export interface WeaveCache {
  /** {@link weave}, or what it returned the last time. */
  readonly weave: (code: string, options: WeaveOptions) => WeaveResult;
  /** How many results were found so far. */
  readonly hits: number;
  /** Deletes what has not been used for longest, where there is more than the limit. */
  readonly prune: () => void;
}

export interface WeaveCacheOptions {
  /** Default: 256 MB. */
  readonly maxBytes?: number;
}

const MAX_BYTES = 256_000_000;

/** `node_modules/.cache/dormouse` of the project around `directory`; without one, `.dormouse/cache` in it. */
export function weaveCacheDirectory(directory: string): string {
  const modules = ancestors(resolve(directory))
    .map((ancestor) => join(ancestor, 'node_modules'))
    .find((path) => existsSync(path));
  return modules === undefined
    ? join(resolve(directory), '.dormouse', 'cache')
    : join(modules, '.cache', 'dormouse');
}

/** Opens the cache in `directory`, which need not exist yet. */
export function openWeaveCache(
  directory: string,
  { maxBytes = MAX_BYTES }: WeaveCacheOptions = {},
): WeaveCache {
  let hits = 0;
  let grew = false;
  const weaveOrRecall = (code: string, options: WeaveOptions): WeaveResult => {
    const path = join(directory, `${keyOf(code, options)}.json`);
    const entry = readEntry(path);
    if (entry !== undefined && isStillTrue(entry, options)) {
      hits++;
      return entry.result;
    }
    const reads: Read[] = [];
    const result = weave(code, { ...options, readSource: recording(options, reads) });
    if (result.skipped.some((skip) => skip.code === 'weaver-error')) return result;
    writeEntry(directory, path, { result, reads });
    grew = true;
    return result;
  };
  return {
    weave: weaveOrRecall,
    get hits() {
      return hits;
    },
    prune() {
      if (grew) pruneTo(maxBytes, directory);
      grew = false;
    },
  };
}

/** An original that was read while weaving: the names and hash that the result has are those of this text. */
type Read = readonly [path: string, hash: string | null];

interface Entry {
  readonly result: WeaveResult;
  readonly reads: readonly Read[];
}

/** JSON leaves out `readSource`; what it read is compared when the entry is found. */
function keyOf(code: string, { map, ...options }: WeaveOptions): string {
  const mapText = typeof map === 'string' ? map : JSON.stringify(map ?? null);
  return sha256([weaverIdentity(), JSON.stringify(options), sha256(mapText), code].join('\0'));
}

let identity: string | undefined;

/** The weaver's own code is part of it: a version says too little while the weaver itself is being worked on. */
function weaverIdentity(): string {
  if (identity !== undefined) return identity;
  const own = fileURLToPath(new URL('..', import.meta.url));
  const texts = [...javaScriptIn(own)].sort().map((path) => readFileSync(path, 'utf8'));
  return (identity = sha256([weaver(), CONTRACT_VERSION, typeScriptVersion(), ...texts].join('\0')));
}

function recording(
  { readSource }: WeaveOptions,
  reads: Read[],
): ((path: string) => string | undefined) | undefined {
  return (
    readSource &&
    ((path) => {
      const text = readSource(path);
      reads.push([path, hashOf(text)]);
      return text;
    })
  );
}

function isStillTrue({ reads }: Entry, { readSource }: WeaveOptions): boolean {
  return reads.every(([path, hash]) => hashOf(readSource?.(path)) === hash);
}

function hashOf(text: string | undefined): string | null {
  return text === undefined ? null : sha256(text);
}

function readEntry(path: string): Entry | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    const json = text.slice(text.indexOf('\n') + 1);
    if (!text.startsWith(`${sha256(json)}\n`)) return undefined;
    const now = new Date();
    utimesSync(path, now, now);
    return JSON.parse(json) as Entry;
  } catch {
    return undefined;
  }
}

function writeEntry(directory: string, path: string, entry: Entry): void {
  const json = JSON.stringify(entry);
  const unfinished = `${path}.${process.pid}`;
  try {
    mkdirSync(directory, { recursive: true });
    writeFileSync(unfinished, `${sha256(json)}\n${json}`);
    renameSync(unfinished, path);
  } catch {
    rmSync(unfinished, { force: true });
  }
}

function pruneTo(maxBytes: number, directory: string): void {
  let total = 0;
  for (const { path, bytes } of entriesIn(directory).sort((a, b) => b.usedAt - a.usedAt)) {
    total += bytes;
    if (total > maxBytes) rmSync(path, { force: true });
  }
}

interface EntryOnDisk {
  readonly path: string;
  readonly bytes: number;
  /** In ms since 1970. */
  readonly usedAt: number;
}

/** What a process that was killed left unfinished is among them. */
function entriesIn(directory: string): EntryOnDisk[] {
  try {
    return readdirSync(directory).flatMap((name) => {
      const path = join(directory, name);
      const found = statSync(path, { throwIfNoEntry: false });
      return found === undefined ? [] : { path, bytes: found.size, usedAt: found.mtimeMs };
    });
  } catch {
    return [];
  }
}
