import type { ProbeLocation } from '@dormouse/protocol';

import { UsageError } from '../failure.js';

const RANGE = /^(.+?):(\d+)-(\d+)$/u;
/** The text of a line, with or without one near to it: `risk.ts:~score += 1;`, `risk.ts:42~score += 1;` */
const TEXT = /^(.+?):(\d*)~(.*\S.*)$/u;
const LINE = /^(.+?):(\d+)(?::(\d+))?$/u;
/** A name as stacks show it: no path, and no number. */
const FUNCTION = /^(.+):([^\s:/\\\d][^\s:/\\]*)$/u;

/** `FILE:LINE[:COLUMN]`, as editors and stack traces write it, `FILE:FROM-TO`, `FILE:~TEXT`, or `FILE:FUNCTION`. */
export function parseLocation(text: string): ProbeLocation {
  const [, within, near, words] = TEXT.exec(text) ?? [];
  if (within !== undefined && words !== undefined)
    return { file: within, text: words, ...(Number(near) > 0 && { line: Number(near) }) };
  const [, ranged, from, to] = RANGE.exec(text) ?? [];
  if (ranged !== undefined && Number(from) > 0)
    return { file: ranged, line: Number(from), endLine: Number(to) };
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
