import { parseArgs } from 'node:util';

import type { Option, Options } from '../command/command.js';

/** What every command that weaves can be told. */
export const WEAVE_OPTIONS = {
  budget: {
    type: 'string',
    multiple: true,
    value: 'LIMIT',
    summary: 'Fail when the code grows beyond it: 2.5x or 150%, gzipped gzip:1.6x',
  },
  report: { type: 'string', value: 'FILE', summary: 'Write the report there as JSON' },
  cache: {
    type: 'boolean',
    summary: 'Remember what was woven from what (default); --no-cache weaves all anew',
  },
} as const satisfies Options;

/** The arguments that belong to `options`, with their values, and all others as they are. */
export function separate(
  args: readonly string[],
  options: Options,
): { readonly own: readonly string[]; readonly others: readonly string[] } {
  const { tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const own = new Set<number>();
  for (const token of tokens) {
    if (token.kind !== 'option' || !isOf(options, token.name)) continue;
    own.add(token.index);
    if (token.value !== undefined && token.inlineValue === false) own.add(token.index + 1);
  }
  return {
    own: args.filter((_, index) => own.has(index)),
    others: args.filter((_, index) => !own.has(index)),
  };
}

function isOf(options: Readonly<Record<string, Option>>, name: string): boolean {
  return Object.hasOwn(options, name) || options[name.replace(/^no-/, '')]?.type === 'boolean';
}
