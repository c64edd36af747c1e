import type { ProbeLocation } from '@dormouse/protocol';

import { UsageError } from '../failure.js';

const LINE = /^(.+?):(\d+)(?::(\d+))?$/u;
/** A name as stacks show it: no path, and no number. */
const FUNCTION = /^(.+):([^\s:/\\\d][^\s:/\\]*)$/u;

/** `FILE:LINE[:COLUMN]`, as editors and stack traces write it, or `FILE:FUNCTION`. */
export function parseLocation(text: string): ProbeLocation {
  const [, file, line, column] = LINE.exec(text) ?? [];
  if (file !== undefined && Number(line) > 0)
    return { file, line: Number(line), ...(column !== undefined && { column: Number(column) }) };
  const [, of, name] = FUNCTION.exec(text) ?? [];
  if (of !== undefined && name !== undefined) return { file: of, function: name };
  throw new UsageError(
    `"${text}" is no FILE:LINE or FILE:FUNCTION. For example: src/risk.ts:42, risk.ts:RiskGate.assess`,
  );
}

/** `FILE` or `FILE:LINE`. */
export function parseFileOrLine(text: string): { readonly file: string; readonly line?: number } {
  return /:\d+$/u.test(text) ? parseLocation(text) : { file: text };
}
