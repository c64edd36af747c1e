import type { CapturedProperty, CapturedValue } from '@dormouse/protocol';
import { omissionWords } from './omission.js';
import { redactionWords } from './redaction.js';

/** What a value's text is, for its colour. */
export type Tone = 'string' | 'number' | 'keyword' | 'quiet' | 'missing' | 'secret';

/** A value as one writes it, without what is in it. */
export interface ValueHead {
  /** The type, where the text does not tell it already. */
  readonly type: string;
  readonly text: string;
  readonly tone: Tone;
}

/** Something inside a value, by the name under which it is there. */
export interface Part {
  readonly name: string;
  readonly value: CapturedValue;
  /** Why there is no value, where the program or the capture says so itself. */
  readonly trouble?: string;
}

export function headOf(value: CapturedValue): ValueHead {
  switch (value.type) {
    case 'undefined':
    case 'null':
      return head('', value.type, 'keyword');
    case 'boolean':
      return head('', String(value.value), 'keyword');
    case 'number':
      return head('', String(value.value), 'number');
    case 'bigint':
      return head('', `${value.value}n`, 'number');
    case 'string':
      return head('', JSON.stringify(value.value), 'string');
    case 'symbol':
    case 'regexp':
      return head('', value.value, 'keyword');
    case 'date':
      return head('Date', value.value, 'keyword');
    case 'function':
      return head(value.class ? 'class' : 'function', value.name === '' ? 'anonymous' : value.name, 'quiet');
    case 'object':
      return head(value.class ?? 'null prototype', value.properties.length === 0 ? '{}' : '', 'quiet');
    case 'array':
      return head(`${value.class}(${value.length})`, '', 'quiet');
    case 'map':
    case 'set':
      return head(`${value.class}(${value.size})`, '', 'quiet');
    case 'error':
      return head(value.class, value.message, 'missing');
    case 'binary':
      return head(`${value.class}(${value.byteLength} bytes)`, '', 'quiet');
    case 'reference':
      return head('', `same object as #${value.id}`, 'quiet');
    case 'redacted':
      return head('', redactionWords(value.rule), 'secret');
    case 'omitted':
      return head('', omissionWords(value.omitted), 'missing');
    case 'accessor':
      return head('', 'getter, never run', 'quiet');
    default:
      return head(value.type, 'not opened', 'quiet');
  }
}

/** What is in a value, in its order. */
export function partsOf(value: CapturedValue): readonly Part[] {
  switch (value.type) {
    case 'object':
      return value.properties.map(partOf);
    case 'array':
      return value.items.map((item, index) => ({ name: String(index), value: item }));
    case 'set':
      return value.items.map((item) => ({ name: '•', value: item }));
    case 'map':
      return value.entries.map(([key, item]) => ({ name: inline(key), value: item }));
    case 'binary':
      return value.items.map((item, index) => ({ name: String(index), value: asNumber(item) }));
    case 'error':
      return [
        ...value.properties.map(partOf),
        ...(value.cause === undefined ? [] : [{ name: 'cause', value: value.cause }]),
        ...(value.stack === undefined
          ? []
          : [{ name: 'stack', value: { type: 'string', value: value.stack } as const }]),
      ];
    default:
      return [];
  }
}

/** Why a value is not whole, in words. */
export function missingOf(value: CapturedValue): string | undefined {
  if (value.type === 'omitted' || !('omitted' in value) || value.omitted === undefined) return undefined;
  return omissionWords(value.omitted);
}

/** A value on one line: `Order {id: "ord_7", lines: Array(2)}`. What was left out is `…`. */
export function inline(value: CapturedValue, depth = 2): string {
  const { type, text } = headOf(value);
  const parts = partsOf(value);
  const rest = missingOf(value) === undefined ? [] : ['…'];
  switch (value.type) {
    case 'array':
      return depth === 0 || parts.length < value.length
        ? type
        : `[${parts.map((part) => inline(part.value, depth - 1)).join(', ')}]`;
    case 'object':
    case 'map':
    case 'set': {
      if (depth === 0)
        return value.type === 'object' && parts.length === 0 ? '{}' : type === 'Object' ? '{…}' : type;
      const inner = [...parts.map((part) => `${part.name}: ${inline(part.value, depth - 1)}`), ...rest].join(
        ', ',
      );
      return type === 'Object' ? `{${inner}}` : `${type} {${inner}}`;
    }
    case 'error':
      return `${type}: ${text}`;
    case 'string':
      return rest.length === 0 ? text : `${text.slice(0, -1)}…"`;
    default:
      return [type, text].filter((piece) => piece !== '').join(' ');
  }
}

const head = (type: string, text: string, tone: Tone): ValueHead => ({ type, text, tone });

const partOf = ({ key, value }: CapturedProperty): Part => ({ name: key, value });

const asNumber = (item: number | string): CapturedValue =>
  typeof item === 'number' ? { type: 'number', value: item } : { type: 'bigint', value: item };
