import type { Finding, Verdict } from '../doctor/finding.js';
import type { Style } from './style.js';
import { escapeUnsafe, pad } from './text.js';

const SIGNS: Readonly<Record<Verdict, string>> = { good: '✓', note: '•', bad: '✗' };

const NAME_WIDTH = 'collector'.length;

/** One line for what was found, and under it what to do about it. */
export function renderFinding({ check, verdict, evidence, remedy }: Finding, { colors }: Style): string {
  const paint = { good: colors.green, note: colors.yellow, bad: colors.red }[verdict];
  const head = `${paint(SIGNS[verdict])} ${colors.bold(pad(check, NAME_WIDTH))}  ${escapeUnsafe(evidence)}`;
  const indent = ' '.repeat(NAME_WIDTH + 4);
  const advice = (remedy ?? '').split('\n').filter((line) => line !== '');
  return [
    head,
    ...advice.map((line, index) => `${indent}${index === 0 ? colors.cyan('→') : ' '} ${escapeUnsafe(line)}`),
  ].join('\n');
}
