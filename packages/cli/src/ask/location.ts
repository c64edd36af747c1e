import type { ProbeLocation } from '@dormouse/protocol';

import { UsageError } from '../failure.js';

/** `FILE:LINE[:COLUMN]`, as editors and stack traces write it. */
export function parseLocation(text: string): ProbeLocation {
  const [, file, line, column] = /^(.+?):(\d+)(?::(\d+))?$/u.exec(text) ?? [];
  if (file === undefined || !(Number(line) > 0)) {
    throw new UsageError(`"${text}" is no FILE:LINE. For example: src/risk.ts:42`);
  }
  return { file, line: Number(line), ...(column !== undefined && { column: Number(column) }) };
}

/** `FILE` or `FILE:LINE`. */
export function parseFileOrLine(text: string): { readonly file: string; readonly line?: number } {
  return /:\d+$/u.test(text) ? parseLocation(text) : { file: text };
}
