import type { CapturedPath, PathCall, PathStep } from '@dormouse/protocol';

import { inlineValue } from './inline-value.js';
import { pathNews } from './path-news.js';
import type { Style } from './style.js';
import { count, displayWidth, escapeUnsafe, pad, padStart, shorten, wrapAtBlanks } from './text.js';

const TIME_WIDTH = 9;
const LINE_WIDTH = 5;

/** What is new of a variable gets at least so many columns, and at most so many lines. */
const NARROWEST_NEWS = 30;
const MOST_LINES = 5;

const BETWEEN = '   ';

/**
 * Lines for the steps of a call: when, which line, which arm it took, and what is new of the variables.
 *
 *        0 µs    38  then          order = {id: "ord_7", amount: 48212.5}
 *      4.2 µs    39                amount = 48212.5
 */
export function renderPath(path: CapturedPath, style: Style, indent: string): string[] {
  const marks = path.steps.map(markOf);
  const news = pathNews(path);
  const markWidth = Math.max(0, ...marks.map(displayWidth));
  const lastSteps = new Map(path.steps.map(({ call }, index) => [call, index]));
  const lines = path.steps.flatMap((step, index) => {
    const previous = path.steps[index - 1];
    const call = path.calls[step.call];
    return [
      ...(path.omitted?.before === index ? [gapLine(path.omitted.count, style)] : []),
      ...(path.calls.length > 1 && previous?.call !== step.call ? [callLine(path, step, style)] : []),
      ...stepLines(path, step, pad(marks[index] ?? '', markWidth), news[index] ?? [], style, indent),
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

const gutter = (left: string): string => `${padStart(left, TIME_WIDTH)} ${' '.repeat(LINE_WIDTH)}  `;

/** Deeper calls are not nested further. */
const MOST_NESTED = 10;

const nesting = (depth: number): string => '│ '.repeat(Math.min(depth, MOST_NESTED));

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
  path: CapturedPath,
  step: PathStep,
  mark: string,
  news: readonly string[],
  { colors, width }: Style,
  indent: string,
): string[] {
  const depth = path.calls[step.call]?.depth ?? 0;
  const start = `${padStart(formatUs(step.us), TIME_WIDTH)} ${padStart(String(step.line), LINE_WIDTH)}  ${nesting(depth)}`;
  const gap = mark === '' ? '' : '  ';
  const offset = displayWidth(start + mark + gap);
  const room = Math.max(NARROWEST_NEWS, width - indent.length - offset);
  const head = `${colors.dim(start.slice(0, TIME_WIDTH))}${start.slice(TIME_WIDTH)}${colors.cyan(mark)}${gap}`;
  const [first = '', ...others] = fill(news, room);
  const below = gutter('') + nesting(depth);
  return [head + first, ...others.map((line) => pad(below, offset) + line)];
}

/** As many texts on a line as fit; a longer one on lines of its own. */
function fill(texts: readonly string[], width: number): string[] {
  const lines: string[] = [];
  let room = 0;
  for (const text of texts) {
    const needed = BETWEEN.length + displayWidth(text);
    const isShort = needed <= room;
    if (isShort) lines.push(`${lines.pop() ?? ''}${BETWEEN}${text}`);
    else lines.push(...firstLines(wrapAtBlanks(text, width), width));
    if (isShort) room -= needed;
    else room = displayWidth(text) > width ? 0 : width - displayWidth(text);
  }
  return lines;
}

/** Of a text that has more lines than one cares to read. */
function firstLines(lines: readonly string[], width: number): readonly string[] {
  if (lines.length <= MOST_LINES) return lines;
  const last = lines[MOST_LINES - 1] ?? '';
  return [...lines.slice(0, MOST_LINES - 1), shorten(`${last}…`, width)];
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
