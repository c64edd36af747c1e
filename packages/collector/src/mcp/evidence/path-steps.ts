import type { CapturedPath } from '@dormouse/protocol';
import { SHOWN } from '../limits.js';
import { describe } from '../../captures/describe.js';

/**
 * A recorded call, a text for each step: `41 (if: else) fraudScore = null`; calls that it made are indented and named. Of
 * long ones the begin and the end.
 */
export function stepsOf({ steps, calls, functions, omitted, ended }: CapturedPath): string[] {
  const lines = steps.map(({ call, line, arm, enters, changed = [] }, index) => {
    const { depth = 0, function: of = 0 } = calls[call] ?? {};
    const gap = omitted?.before === index ? [`(${omitted.count} steps left out)`] : [];
    const text = [
      `${'  '.repeat(depth)}${functions[of]?.name}:${line}`,
      ...(enters === undefined ? [] : [`[${enters}]`]),
      ...(arm === undefined ? [] : [`(branch: ${arm})`]),
      ...changed.map(({ key, value }) => `${key} = ${describe(value)}`),
    ].join(' ');
    return [...gap, text].join('\n');
  });
  return [...shorten(lines), `(${ended})`];
}

function shorten(lines: readonly string[]): string[] {
  if (lines.length <= SHOWN.steps) return [...lines];
  const half = SHOWN.steps / 2;
  const left = lines.length - SHOWN.steps;
  return [...lines.slice(0, half), `(${left} steps not shown)`, ...lines.slice(-half)];
}
