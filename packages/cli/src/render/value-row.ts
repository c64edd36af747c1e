import type { CapturedProperty, CapturedValue, Omission } from '@dormouse/protocol';

import { renderOmission } from './omission.js';
import { displayWidth, escapeUnsafe, quote } from './text.js';

/** What a value's text says about it, and so how it is coloured. */
export type Tone = 'string' | 'number' | 'keyword' | 'quiet' | 'missing' | 'secret';

/** One line of a value's tree, and the lines below it. */
export interface ValueRow {
  readonly name: string;
  readonly type: string;
  readonly text: string;
  readonly tone: Tone;
  /** What was left out of the text. */
  readonly missing?: string;
  readonly children: readonly ValueRow[];
}

/** Collections of simple values are written on one line when they are at most this long. */
const INLINE_WIDTH = 60;

/** The tree of lines for one named value. */
export function valueRow(name: string, value: CapturedValue): ValueRow {
  const row = (type: string, text: string, tone: Tone, children: readonly ValueRow[] = []): ValueRow => ({
    name,
    type,
    text,
    tone,
    children,
  });
  switch (value.type) {
    case 'undefined':
    case 'null':
      return row(value.type, value.type, 'keyword');
    case 'boolean':
      return row('boolean', String(value.value), 'keyword');
    case 'number':
      return row('number', escapeUnsafe(String(value.value)), 'number');
    case 'bigint':
      return row('bigint', escapeUnsafe(value.value), 'number');
    case 'symbol':
      return row('symbol', escapeUnsafe(value.value), 'string');
    case 'regexp':
      return row('RegExp', escapeUnsafe(value.value), 'string');
    case 'date':
      return row('Date', escapeUnsafe(value.value), 'string');
    case 'string':
      return { ...row('string', quote(value.value), 'string'), ...missingOf(value.omitted) };
    case 'function':
      return row(value.class ? 'class' : 'function', escapeUnsafe(value.name || '<anonymous>'), 'quiet');
    case 'object':
      return container(
        row(className(value.class, value.id), '{}', 'quiet', propertyRows(value.properties)),
        value.omitted,
      );
    case 'array':
      return container(
        row(sized(value.class, value.length, value.id), '[]', 'quiet', value.items.map(indexedRow)),
        value.omitted,
      );
    case 'set':
      return container(
        row(sized(value.class, value.size, value.id), '{}', 'quiet', value.items.map(indexedRow)),
        value.omitted,
      );
    case 'map':
      return container(
        row(sized(value.class, value.size, value.id), '{}', 'quiet', value.entries.flatMap(entryRows)),
        value.omitted,
      );
    case 'binary': {
      const text = value.items.map((item) => escapeUnsafe(String(item))).join(' ');
      const type = sized(value.class, value.byteLength, value.id, ' bytes');
      return { ...row(type, text, 'number'), ...missingOf(value.omitted) };
    }
    case 'error': {
      const children = [
        ...(value.stack === undefined ? [] : [stackRow(value.stack)]),
        ...(value.cause === undefined ? [] : [valueRow('cause', value.cause)]),
        ...propertyRows(value.properties),
        ...omissionRows(value.omitted),
      ];
      return row(className(value.class, value.id), quote(value.message), 'string', children);
    }
    case 'proxy':
      return row('Proxy', 'not opened', 'quiet');
    case 'promise':
      return row('Promise', 'not opened', 'quiet');
    case 'weakmap':
      return row('WeakMap', 'not opened', 'quiet');
    case 'weakset':
      return row('WeakSet', 'not opened', 'quiet');
    case 'weakref':
      return row('WeakRef', 'not opened', 'quiet');
    case 'accessor':
      return row('accessor', 'not run', 'quiet');
    case 'reference':
      return row('reference', `→ #${value.id}`, 'quiet');
    case 'redacted':
      return row('redacted', `‹redacted: ${escapeUnsafe(value.rule)}›`, 'secret');
    case 'omitted':
      return row('', renderOmission(value.omitted), 'missing');
    default:
      return row(
        escapeUnsafe(String((value as { type: unknown }).type)),
        'not known to this version of dormouse',
        'quiet',
      );
  }
}

export function propertyRows(properties: readonly CapturedProperty[]): ValueRow[] {
  return properties.map(({ key, value }) => valueRow(escapeUnsafe(key), value));
}

function indexedRow(value: CapturedValue, index: number): ValueRow {
  return valueRow(String(index), value);
}

/** One line where the key is simple, else one for the key and one for the value. */
function entryRows([key, value]: readonly [CapturedValue, CapturedValue], index: number): ValueRow[] {
  const keyRow = valueRow(`key ${index}`, key);
  if (keyRow.children.length === 0) return [valueRow(keyRow.text, value)];
  return [keyRow, valueRow(`value ${index}`, value)];
}

function stackRow(stack: string): ValueRow {
  const frames = stack.split('\n').map((frame) => escapeUnsafe(frame.trim()));
  const children = frames.map((text): ValueRow => ({
    name: '',
    type: '',
    text,
    tone: 'quiet',
    children: [],
  }));
  return { name: 'stack', type: '', text: '', tone: 'quiet', children };
}

/** Puts what a container holds on its own line, or below it, and what it lacks at the end. */
function container(row: ValueRow, omitted: Omission | undefined): ValueRow {
  if (row.children.length === 0) {
    return omitted ? { ...row, text: renderOmission(omitted), tone: 'missing' } : row;
  }
  if (omitted) return { ...row, text: '', children: [...row.children, ...omissionRows(omitted)] };
  return inlined(row) ?? { ...row, text: '' };
}

/** `[1, 2, 3]` instead of three lines, where nothing is lost by it: the items are of one simple type. */
function inlined(row: ValueRow): ValueRow | undefined {
  const [first] = row.children;
  const simple = row.children.every(
    ({ name, type, missing, children }, index) =>
      name === String(index) && type === first?.type && missing === undefined && children.length === 0,
  );
  if (!simple || !first) return undefined;
  const [open, close] = row.text;
  const text = `${open}${row.children.map((child) => child.text).join(', ')}${close}`;
  return displayWidth(text) <= INLINE_WIDTH ? { ...row, text, tone: first.tone, children: [] } : undefined;
}

function omissionRows(omitted: Omission | undefined): ValueRow[] {
  if (!omitted) return [];
  return [{ name: '…', type: '', text: renderOmission(omitted), tone: 'missing', children: [] }];
}

function missingOf(omitted: Omission | undefined): { missing?: string } {
  return omitted ? { missing: renderOmission(omitted) } : {};
}

function className(name: string | null, id: number | undefined): string {
  return `${name === null ? '[no prototype]' : escapeUnsafe(name)}${id === undefined ? '' : ` #${id}`}`;
}

function sized(name: string, size: number, id: number | undefined, unit = ''): string {
  return `${escapeUnsafe(name)}(${size}${unit})${id === undefined ? '' : ` #${id}`}`;
}
