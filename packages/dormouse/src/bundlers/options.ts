import { isAbsolute, resolve } from 'node:path';
import type { BundleReport } from './report.js';

/** A glob or a directory relative to `root`, or a pattern for the absolute path (with `/` on every system). */
export type PathPattern = string | RegExp;

export interface DormouseOptions {
  /** Modules to weave. Default: every `.js`, `.jsx`, `.ts` and `.tsx`, and their `.m` and `.c` forms. */
  readonly include?: PathPattern | readonly PathPattern[] | undefined;
  /** Modules to leave, whatever `include` says. Default: none. */
  readonly exclude?: PathPattern | readonly PathPattern[] | undefined;
  /** Whether modules below `node_modules` are woven as well. Default: false. */
  readonly nodeModules?: boolean | undefined;
  /** Whether what is built for browsers is woven as well: the runtime lives in Node only. Default: false. */
  readonly browser?: boolean | undefined;
  /** The project's directory; paths in the manifest are relative to it. Default: the bundler's own root. */
  readonly root?: string | undefined;
  /** Path of the manifest, relative to `root`. Default: `dormouse.manifest.json` beside the output. */
  readonly manifest?: string | undefined;
  /** How many times its size the code of all woven modules may have, before minification; the build fails above it. Default: no limit. */
  readonly budget?: number | undefined;
  /** Whether anything is woven at all. Default: true. */
  readonly enabled?: boolean | undefined;
  /** Whether a summary goes to standard error after each build, or who receives it instead. Default: true. */
  readonly report?: boolean | ((report: BundleReport) => void) | undefined;
}

/** The options with their defaults, paths absolute. */
export interface Settings {
  readonly include: readonly PathPattern[];
  readonly exclude: readonly PathPattern[];
  readonly nodeModules: boolean;
  readonly browser: boolean;
  readonly root: string;
  /** Undefined: beside the output. */
  readonly manifest: string | undefined;
  readonly budget: number;
  readonly enabled: boolean;
  readonly report: boolean | ((report: BundleReport) => void);
}

const JAVASCRIPT_AND_TYPESCRIPT = /\.[mc]?[jt]sx?$/;

const KINDS: { readonly [Name in keyof DormouseOptions]-?: (value: unknown) => string | undefined } = {
  include: expectPatterns,
  exclude: expectPatterns,
  nodeModules: expectType('boolean'),
  browser: expectType('boolean'),
  root: expectType('string'),
  manifest: expectType('string'),
  budget: (value) => (typeof value === 'number' && value >= 1 ? undefined : 'a number of at least 1'),
  enabled: expectType('boolean'),
  report: expectType('boolean', 'function'),
};

/**
 * @param options as the user gave them
 * @throws a TypeError that names the option which is unknown or of the wrong kind
 */
export function checkOptions(options: DormouseOptions): void {
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(KINDS, name)) {
      throw new TypeError(
        `dormouse: there is no option \`${name}\`. The options are ${Object.keys(KINDS).join(', ')}.`,
      );
    }
    const expected = value === undefined ? undefined : KINDS[name as keyof DormouseOptions](value);
    if (expected !== undefined) {
      throw new TypeError(`dormouse: the option \`${name}\` must be ${expected}, not ${shown(value)}.`);
    }
  }
}

/** @param hostRoot what the bundler takes for the project's directory */
export function settle(options: DormouseOptions, hostRoot: string): Settings {
  const root = resolve(hostRoot, options.root ?? '.');
  return {
    include: options.include === undefined ? [JAVASCRIPT_AND_TYPESCRIPT] : [options.include].flat(),
    exclude: options.exclude === undefined ? [] : [options.exclude].flat(),
    nodeModules: options.nodeModules ?? false,
    browser: options.browser ?? false,
    root,
    manifest: options.manifest === undefined ? undefined : absolute(root, options.manifest),
    budget: options.budget ?? Infinity,
    enabled: options.enabled ?? true,
    report: options.report ?? true,
  };
}

function absolute(root: string, path: string): string {
  return isAbsolute(path) ? path : resolve(root, path);
}

function expectType(...types: readonly string[]): (value: unknown) => string | undefined {
  return (value) => (types.includes(typeof value) ? undefined : `a ${types.join(' or a ')}`);
}

function expectPatterns(value: unknown): string | undefined {
  const patterns: readonly unknown[] = Array.isArray(value) ? value : [value];
  const sound = patterns.every((pattern) => typeof pattern === 'string' || pattern instanceof RegExp);
  return sound ? undefined : 'a glob, a regular expression, or a list of them';
}

function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
