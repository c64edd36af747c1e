import type { Goal } from '@dormouse/transformer';
import { nearestPackage } from './nearest-package.js';

/** What a text of Node's format runs as: undefined where its syntax decides, `none` where it is no script at all. */
export function goalOf(format: string | null | undefined): Goal | undefined | 'none' {
  if (format == null) return undefined;
  if (/^module(?:-|$)/.test(format)) return 'module';
  return /^(?:require-)?commonjs(?:-|$)/.test(format) ? 'script' : 'none';
}

const MODULE_SYNTAX = /^\s*(?:import\s*[\w{*'"]|export\s*[\w{*])|\bimport\.meta\b/m;

/** What newer Nodes take a TypeScript file for. */
export function typeScriptFormat(path: string, code: string): 'module' | 'commonjs' {
  if (path.endsWith('.mts')) return 'module';
  if (path.endsWith('.cts')) return 'commonjs';
  const { type } = nearestPackage(path);
  if (type === 'module' || type === 'commonjs') return type;
  return MODULE_SYNTAX.test(code) ? 'module' : 'commonjs';
}
