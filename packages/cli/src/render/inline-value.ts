import type { CapturedProperty, CapturedValue } from '@dormouse/protocol';

import { escapeUnsafe } from './text.js';
import { valueRow } from './value-row.js';

/** A value on one line, as a literal would write it: `Order {id: "ord_7", lines: Array(2)}`. What was left out is `…`. */
export function inlineValue(value: CapturedValue): string {
  switch (value.type) {
    case 'object':
      return (
        classPrefix(value.class) + braced(value.properties.map(inlineProperty), value.omitted !== undefined)
      );
    case 'array':
      return isUnopened(value.length, value.items.length)
        ? `${escapeUnsafe(value.class)}(${value.length})`
        : `[${list(value.items.map(inlineValue), value.omitted !== undefined)}]`;
    case 'set':
      return isUnopened(value.size, value.items.length)
        ? `${escapeUnsafe(value.class)}(${value.size})`
        : `${escapeUnsafe(value.class)} ${braced(value.items.map(inlineValue), value.omitted !== undefined)}`;
    case 'map':
      return isUnopened(value.size, value.entries.length)
        ? `${escapeUnsafe(value.class)}(${value.size})`
        : `${escapeUnsafe(value.class)} ${braced(value.entries.map(inlineEntry), value.omitted !== undefined)}`;
    case 'error':
      return `${escapeUnsafe(value.class)}: ${escapeUnsafe(value.message)}`;
    default:
      return leaf(value);
  }
}

function leaf(value: CapturedValue): string {
  const { text, type, tone } = valueRow('', value);
  return tone === 'quiet' ? `${type} ${text}`.trim() : text;
}

const isUnopened = (size: number, shown: number): boolean => size > 0 && shown === 0;

const classPrefix = (name: string | null): string =>
  name === null || name === 'Object' ? '' : `${escapeUnsafe(name)} `;

const inlineProperty = ({ key, value }: CapturedProperty): string =>
  `${escapeUnsafe(key)}: ${inlineValue(value)}`;

const inlineEntry = ([key, value]: readonly [CapturedValue, CapturedValue]): string =>
  `${inlineValue(key)} → ${inlineValue(value)}`;

const braced = (items: readonly string[], isCut: boolean): string => `{${list(items, isCut)}}`;

const list = (items: readonly string[], isCut: boolean): string =>
  [...items, ...(isCut ? ['…'] : [])].join(', ');
