import type { FileSize, Size, WeaveReport } from '@dormouse/transformer';

import type { Budget } from '../ask/budget.js';
import { bytes } from './bytes.js';
import { escapeUnsafe } from './text.js';

/** Files named in a message. */
const NAMED = 3;

/** What is over which budget, because of which files, and what can be done; undefined where all are kept. */
export function renderExcess(report: WeaveReport, budgets: readonly Budget[]): string | undefined {
  const exceeded = budgets.filter(({ measure, factor }) => growthOf(report.size, measure) > factor);
  if (exceeded.length === 0) return undefined;
  return [
    ...exceeded.map((budget) => renderExceeded(report, budget)),
    'Leave files out with a dormouse-ignore-file comment, functions with dormouse-ignore, or raise --budget.',
  ].join(' ');
}

function renderExceeded({ size, sizes }: WeaveReport, { measure, text }: Budget): string {
  const gained = (file: FileSize): number => grown(file, measure);
  const largest = sizes.toSorted((a, b) => gained(b) - gained(a)).slice(0, NAMED);
  const named = largest.map(
    (file) => `${escapeUnsafe(file.path)} (+${bytes(gained(file))}, ${growthOf(file, measure).toFixed(2)}×)`,
  );
  const what = measure === 'gzip' ? 'The gzipped code' : 'The code';
  return `${what} grew ${growthOf(size, measure).toFixed(2)}×, over the budget of ${text}; most in ${named.join(', ')}.`;
}

function sizesOf(
  size: Size,
  measure: Budget['measure'],
): { readonly before: number; readonly after: number } {
  return measure === 'raw' ? size : (size.gzip ?? { before: 0, after: 0 });
}

function grown(size: Size, measure: Budget['measure']): number {
  const { before, after } = sizesOf(size, measure);
  return after - before;
}

/** 1 where nothing was woven. */
function growthOf(size: Size, measure: Budget['measure']): number {
  const { before, after } = sizesOf(size, measure);
  return before === 0 ? 1 : after / before;
}
