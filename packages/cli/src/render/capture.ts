import type {
  CapturedCaller,
  CapturedLine,
  CapturedProperty,
  CapturedValue,
  CaptureView,
  LogLevel,
  ResolvedLocation,
  StackFrame,
  WatchResult,
} from '@dormouse/protocol';

import { attributeRows, requestRows, spanRows } from './attributes.js';
import { callRows } from './call.js';
import { renderWindow, windowGist } from './metrics.js';
import { renderPath } from './path.js';
import type { Colors, Style } from './style.js';
import { displayWidth, escapeUnsafe, pad, wrap } from './text.js';
import { formatDateTime, formatTime } from './time.js';
import { propertyRows, valueRow, type ValueRow } from './value-row.js';
import { renderValues } from './value.js';

const INDENT = '    ';

/** Names of functions wider than this do not push the locations beside them further to the right. */
const WIDEST_FUNCTION = 40;

/** Files that are not the program's own: their frames stay in the background. */
const FOREIGN = /(?:^|[\\/])node_modules[\\/]|^node:/u;

/** Everything a capture holds, over several lines: where and when, values as a tree, stack. */
export function renderCapture(capture: CaptureView, style: Style): string {
  const { message, watches, self, locals, outers, lastLine, stack, callers = [] } = capture;
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ['', `  ${style.colors.bold(title)}`, ...lines];
  const values = (rows: readonly ValueRow[]): string[] => renderValues(rows, style, INDENT);
  return [
    ...renderHeading(capture, style),
    ...section('message', message === undefined ? [] : renderMessage(message, capture.level, style)),
    ...section('call', values(callRows(capture))),
    ...section('path', capture.path === undefined ? [] : renderPath(capture.path, style, INDENT)),
    ...section('figures', capture.metric === undefined ? [] : renderWindow(capture.metric, style, INDENT)),
    ...section('watches', values((watches ?? []).map(watchRow))),
    ...section(lastLine === undefined ? 'variables' : 'as it began', values(variableRows(self, locals))),
    ...section('outer variables', values(propertyRows(outers ?? []))),
    ...(lastLine === undefined
      ? []
      : section(`last line ${lastLine.line}:${lastLine.column}`, values(lineRows(lastLine)))),
    ...section('span', values(spanRows(capture))),
    ...section('attributes', values(attributeRows(capture.span?.attributes ?? capture.attributes ?? {}))),
    ...section('request', values(requestRows(capture))),
    ...section('stack', renderStack(stack ?? [], style)),
    ...callers.flatMap((caller) =>
      section(callerTitle(caller, stack?.[caller.frame]), values(lineRows(caller))),
    ),
  ].join('\n');
}

/** A log on one line: time, level, where from, text. Snapshots have no text of their own: see {@link renderCapture}. */
export function renderLogLine(capture: CaptureView, { colors }: Style): string {
  const { at, level = 'info', service, instance, location, message = '' } = capture;
  return [
    colors.dim(formatTime(at)),
    LEVEL_PAINTS[level](colors)(level.padEnd(5)),
    colors.dim(escapeUnsafe(`${service}/${instance.slice(0, 6)}`)),
    colors.dim(escapeUnsafe(`${fileName(location.file)}:${location.line}`)),
    escapeUnsafe(message),
  ].join(' ');
}

/** What a metric added up in a window, on one line. */
export function renderWindowLine(capture: CaptureView, { colors }: Style): string {
  const { at, kind, service, instance, location, metric } = capture;
  return [
    colors.dim(formatTime(at)),
    colors.cyan(kind),
    colors.dim(escapeUnsafe(`${service}/${instance.slice(0, 6)}`)),
    colors.dim(escapeUnsafe(`${fileName(location.file)}:${location.line}`)),
    metric === undefined ? '' : windowGist(metric),
  ].join(' ');
}

/** `src/risk.ts:42:5`, safe to print. */
export function formatLocation({ file, line, column }: ResolvedLocation): string {
  return escapeUnsafe(`${file}:${line}:${column}`);
}

const LEVEL_PAINTS: Readonly<Record<LogLevel, (colors: Colors) => (text: string) => string>> = {
  debug: (colors) => colors.dim,
  info: (colors) => colors.cyan,
  warn: (colors) => colors.yellow,
  error: (colors) => colors.red,
};

function renderHeading(capture: CaptureView, { colors }: Style): string[] {
  const { kind, on, id, probe, at, service, instance, buildId, hit, tookUs, metric } = capture;
  const event = on === undefined ? '' : ` on ${on}`;
  const what = `${colors.bold(colors.cyan(kind))}${event}  ${colors.bold(formatLocation(capture.location))}`;
  const facts = [
    formatDateTime(at),
    `${service}/${instance}`,
    ...(buildId === undefined ? [] : [`build ${buildId.slice(0, 12)}`]),
    `${metric === undefined ? 'hit' : 'window'} ${hit} of probe ${probe}`,
    `${tookUs.toLocaleString('en-US')} µs`,
    `capture ${id}`,
  ];
  return [
    `${what}  in ${escapeUnsafe(capture.function)}`,
    colors.dim(`  ${facts.map(escapeUnsafe).join(' · ')}`),
  ];
}

const variableRows = (
  self: CapturedValue | undefined,
  ...lists: readonly (readonly CapturedProperty[] | undefined)[]
): ValueRow[] => [
  ...(self ? [valueRow('this', self)] : []),
  ...lists.flatMap((list) => propertyRows(list ?? [])),
];

const lineRows = ({ self, locals, outers }: CapturedLine): ValueRow[] => variableRows(self, locals, outers);

/** The statement that the caller runs, which begins before the call that the stack shows. */
function callerTitle({ line, column }: CapturedCaller, frame: StackFrame | undefined): string {
  const location = formatLocation({ file: frame?.file ?? '', line, column });
  return frame === undefined ? location : `${frameName(frame)}  ${location}`;
}

function renderMessage(message: string, level: LogLevel = 'info', { colors, width }: Style): string[] {
  const lines = message.split('\n').flatMap((line) => wrap(escapeUnsafe(line), width - INDENT.length));
  return lines.map((line) => `${INDENT}${level === 'info' ? line : LEVEL_PAINTS[level](colors)(line)}`);
}

function watchRow({ source, value, error }: WatchResult): ValueRow {
  const name = escapeUnsafe(source);
  if (value) return valueRow(name, value);
  return { name, type: '', text: `‹${escapeUnsafe(error ?? 'no value')}›`, tone: 'missing', children: [] };
}

function renderStack(frames: readonly StackFrame[], { colors }: Style): string[] {
  const names = frames.map(frameName);
  const nameWidth = Math.min(WIDEST_FUNCTION, Math.max(0, ...names.map(displayWidth)));
  return frames.map((frame, index) => {
    const line = `${pad(names[index] ?? '', nameWidth)}  ${formatLocation(frame)}`;
    return INDENT + (FOREIGN.test(frame.file) ? colors.dim(line) : line);
  });
}

const frameName = (frame: StackFrame): string =>
  `${frame.async ? 'async ' : ''}${escapeUnsafe(frame.function || '<anonymous>')}`;

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
