import type { CapturedPath, CapturedProperty, PathCall, PathStep } from '@dormouse/protocol';

import { inlineValue } from './inline-value.js';
import type { Style } from './style.js';
import { count, displayWidth, escapeUnsafe, pad, padStart, shorten } from './text.js';

const TIME_WIDTH = 9;
const LINE_WIDTH = 5;

/** What is new of a variable gets at least so many columns. */
const NARROWEST_NEWS = 30;

/**
 * Lines for the steps of a call: when, which line, which arm it took, and what is new of the variables.
 *
 *        0 µs    38  then          order = {id: "ord_7", amount: 48212.5}
 *      4.2 µs    39                amount = 48212.5
 */
export function renderPath(path: CapturedPath, style: Style, indent: string): string[] {
  const marks = path.steps.map(markOf);
  const markWidth = Math.max(0, ...marks.map(displayWidth));
  const lastSteps = new Map(path.steps.map(({ call }, index) => [call, index]));
  const lines = path.steps.flatMap((step, index) => {
    const previous = path.steps[index - 1];
    const call = path.calls[step.call];
    return [
      ...(path.omitted?.before === index ? [gapLine(path.omitted.count, style)] : []),
      ...(path.calls.length > 1 && previous?.call !== step.call ? [callLine(path, step, style)] : []),
      ...stepLines(step, pad(marks[index] ?? '', markWidth), depthOf(path, step), style, indent),
      ...(step.call > 0 && lastSteps.get(step.call) === index ? endLines(call, style, indent) : []),
    ];
  });
  return [...lines, rootEnd(path, style)].map((line) => (indent + line).trimEnd());
}

/** On one line: `12 steps, threw`. */
export const pathGist = ({ steps, omitted, ended }: CapturedPath): string =>
  `${count(steps.length + (omitted?.count ?? 0), 'step')}, ${END_WORDS[ended]}`;

const END_WORDS: Readonly<Record<CapturedPath['ended'], string>> = {
  returned: 'returned',
  threw: 'threw',
  ended: 'ended unseen',
  reached: 'reached the line it was to be shown up to',
};

function markOf({ arm, enters }: PathStep): string {
  const entered = enters === undefined ? '' : `in ${enters}`;
  const taken = arm === undefined ? '' : arm === 'none' ? 'not taken' : `→ ${arm}`;
  return [entered, taken].filter((part) => part !== '').join(' ');
}

const depthOf = ({ calls }: CapturedPath, { call }: PathStep): number => calls[call]?.depth ?? 0;

const gutter = (left: string): string => `${padStart(left, TIME_WIDTH)} ${' '.repeat(LINE_WIDTH)}  `;

const nesting = (depth: number): string => '│ '.repeat(depth);

const gapLine = (omitted: number, { colors }: Style): string =>
  colors.yellow(`${gutter('…')}${count(omitted, 'step')} left out`);

function callLine(path: CapturedPath, step: PathStep, { colors }: Style): string {
  const call = path.calls[step.call];
  const fn = call && path.functions[call.function];
  const name = escapeUnsafe(fn?.name || 'anonymous');
  const source = escapeUnsafe(fn?.source ?? '');
  return `${gutter('')}${nesting(call?.depth ?? 0)}${colors.bold(name)}  ${colors.dim(source)}`;
}

function stepLines(
  step: PathStep,
  mark: string,
  depth: number,
  { colors, width }: Style,
  indent: string,
): string[] {
  const start = `${padStart(formatUs(step.us), TIME_WIDTH)} ${padStart(String(step.line), LINE_WIDTH)}  ${nesting(depth)}`;
  const gap = mark === '' ? '' : '  ';
  const offset = displayWidth(start + mark + gap);
  const room = Math.max(NARROWEST_NEWS, width - indent.length - offset);
  const head = `${colors.dim(start.slice(0, TIME_WIDTH))}${start.slice(TIME_WIDTH)}${colors.cyan(mark)}${gap}`;
  const news = fill(
    (step.changed ?? []).map((property) => newsOf(property, room)),
    room,
  );
  const [first = '', ...others] = news;
  const below = gutter('') + nesting(depth);
  return [head + first, ...others.map((line) => pad(below, offset) + line)];
}

const newsOf = ({ key, value }: CapturedProperty, room: number): string =>
  shorten(`${escapeUnsafe(key)} = ${inlineValue(value)}`, room);

/** As many on a line as fit. */
function fill(texts: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const text of texts) {
    const last = lines.at(-1);
    if (last !== undefined && displayWidth(last) + 3 + displayWidth(text) <= width)
      lines[lines.length - 1] = `${last}   ${text}`;
    else lines.push(text);
  }
  return lines;
}

function endLines(call: PathCall | undefined, { colors, width }: Style, indent: string): string[] {
  if (call?.ended === undefined) return [];
  const value = call.returned ?? call.threw;
  const shown = value === undefined ? '' : ` ${inlineValue(value)}`;
  const start = gutter(formatUs(call.us ?? 0)) + nesting(call.depth);
  const room = Math.max(NARROWEST_NEWS, width - displayWidth(indent + start));
  const paint = call.ended === 'threw' ? colors.red : colors.green;
  return [start + paint(shorten(`${END_WORDS[call.ended]}${shown}`, room))];
}

function rootEnd({ ended, calls }: CapturedPath, { colors }: Style): string {
  const paint = ended === 'threw' ? colors.red : colors.green;
  const us = ended === 'reached' ? undefined : calls[0]?.us;
  return `${gutter(us === undefined ? '' : formatUs(us))}${paint(END_WORDS[ended])}`;
}

/** `4.2 µs`, `120 µs`, `1.25 ms`, `3.4 s`: three digits. */
export function formatUs(us: number): string {
  const [value, unit] = us < 1_000 ? [us, 'µs'] : us < 1_000_000 ? [us / 1_000, 'ms'] : [us / 1_000_000, 's'];
  return `${value.toLocaleString('en-US', { maximumSignificantDigits: 3 })} ${unit}`;
}
