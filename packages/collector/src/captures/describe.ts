import type { CapturedProperty, CapturedValue, Omission } from '@dormouse/protocol';

/** UTF-16 units of a value that is only to be recognised, and keys in the shape of an object. */
const LENGTH = 80;
const KEYS = 12;

/**
 * A captured value on one line, so that its type is seen and its content can be recognised: `"true"` is a string, `true` a
 * boolean, `Order {id, amount, …14}` an object.
 */
export function describe(value: CapturedValue, length = LENGTH): string {
  switch (value.type) {
    case 'undefined':
    case 'null':
      return value.type;
    case 'boolean':
    case 'number':
      return String(value.value);
    case 'bigint':
      return `${value.value}n`;
    case 'symbol':
    case 'regexp':
      return cut(value.value, length);
    case 'string':
      return quote(value.value, value.length ?? value.value.length, length);
    case 'date':
      return `Date ${value.value}`;
    case 'function':
      return `${value.class ? 'class' : 'function'} ${value.name}`;
    case 'object':
      return describeObject(value.class, value.properties, value.omitted);
    case 'array':
      return `${value.class}(${value.length})`;
    case 'map':
    case 'set':
      return `${value.class}(${value.size})`;
    case 'binary':
      return `${value.class}(${value.byteLength} bytes)`;
    case 'error':
      return `${value.class}: ${cut(value.message, length)}`;
    case 'reference':
      return `[the same object as #${value.id}]`;
    case 'redacted':
      return `[redacted: ${value.rule}]`;
    case 'omitted':
      return `[not captured: ${value.omitted.reason}]`;
    default:
      return `[${value.type}]`;
  }
}

/** Marks where a text was cut, with its whole length. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}… (${text.length} characters)`;
}

function quote(text: string, whole: number, length: number): string {
  const shown = JSON.stringify(text.slice(0, length));
  return whole <= length && whole === text.length ? shown : `${shown}… (${whole} characters)`;
}

function describeObject(
  className: string | null,
  properties: readonly CapturedProperty[],
  omitted: Omission | undefined,
): string {
  const keys = properties.slice(0, KEYS).map(({ key }) => key);
  const more = properties.length - keys.length + (omitted?.count ?? 0);
  const parts = [...keys, ...(more > 0 ? [`…${more} more`] : [])];
  const content =
    parts.length === 0 && omitted !== undefined ? `not captured: ${omitted.reason}` : parts.join(', ');
  return `${className ?? '[null prototype]'} {${content}}`;
}
