import type { DryRunOutcome, DryRunView } from '@dormouse/protocol';

import { inlineValue } from './inline-value.js';
import type { Style } from './style.js';
import { escapeUnsafe } from './text.js';

/** What each expression came to, one on a line. */
export function renderDryRun(view: DryRunView, style: Style): string {
  const { condition, expect, watches = [], message, template = [] } = view;
  const { colors } = style;
  const line = (name: string, outcome: DryRunOutcome): string =>
    `${colors.dim(name.padEnd(7))} ${escapeUnsafe(outcome.source)}  ${outcomeWords(outcome, style)}`;
  return [
    ...(condition === undefined ? [] : [line('if', condition)]),
    ...(expect === undefined ? [] : [line('expects', expect)]),
    ...watches.map((watch) => line('watch', watch)),
    ...(message === undefined ? [] : [`${colors.dim('log'.padEnd(7))} ${escapeUnsafe(message)}`]),
    ...template.filter(({ value }) => value === undefined).map((part) => line('', part)),
  ].join('\n');
}

function outcomeWords({ value, unknown, error }: DryRunOutcome, { colors }: Style): string {
  if (unknown !== undefined)
    return colors.yellow(escapeUnsafe(`unknown: ${unknown.path} is ${unknown.reason}`));
  if (value === undefined) return colors.red(escapeUnsafe(error ?? ''));
  return inlineValue(value);
}
