import type { SourceLineView } from '@dormouse/protocol';

import type { Style } from './style.js';
import { escapeUnsafe } from './text.js';

/** `src/risk.ts:42  if (order.highValue === true) {`, as compilers and editors know places. */
export function renderSourceLines(lines: readonly SourceLineView[], { colors }: Style): string {
  return lines
    .map(
      ({ file, line, text }) =>
        `${colors.bold(escapeUnsafe(`${file}:${line}`))}  ${escapeUnsafe(text.trim())}`,
    )
    .join('\n');
}
