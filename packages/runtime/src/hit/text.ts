import type { CapturedProperty, CapturedValue, Omission } from '@dormouse/protocol';
import { joinList } from './list.js';

/** A captured value as a log shows it: text bare at the top, everything else close to how code would write it. */
export const logText = (value: CapturedValue): string =>
  value.type === 'string' && value.omitted === undefined ? value.value : valueText(value);

function valueText(value: CapturedValue): string {
  switch (value.type) {
    case 'undefined':
    case 'null':
      return value.type;
    case 'boolean':
    case 'number':
      return `${value.value}`;
    case 'bigint':
      return `${value.value}n`;
    case 'symbol':
    case 'regexp':
    case 'date':
      return value.value;
    case 'string':
      return `'${value.value}${value.omitted === undefined ? '' : '…'}'`;
    case 'function':
      return `[${value.class ? 'class' : 'function'} ${value.name}]`;
    case 'object':
      return `${classPrefix(value.class, 'Object')}{${listText(value.properties, propertyText, value)}}`;
    case 'array':
      return `${classPrefix(value.class, 'Array')}[${listText(value.items, valueText, value)}]`;
    case 'set':
      return `${value.class}(${value.size}) {${listText(value.items, valueText, value)}}`;
    case 'map':
      return `${value.class}(${value.size}) {${listText(value.entries, entryText, value)}}`;
    case 'error':
      return `${value.class}: ${value.message}`;
    case 'binary':
      return `${value.class}(${value.byteLength}) [${listText(value.items, (item) => `${item}`, value)}]`;
    case 'reference':
      return `[reference ${value.id}]`;
    case 'redacted':
      return `[redacted:${value.rule}]`;
    case 'omitted':
      return '…';
    default:
      return `[${value.type}]`;
  }
}

/** `…` stands for what was left out. */
function listText<Item>(
  list: readonly Item[],
  write: (item: Item) => string,
  { omitted }: { readonly omitted?: Omission },
): string {
  const text = joinList(list, write);
  if (omitted === undefined) return text;
  return text === '' ? '…' : `${text}, …`;
}

const propertyText = ({ key, value }: CapturedProperty): string => `${key}: ${valueText(value)}`;

const entryText = (entry: readonly [CapturedValue, CapturedValue]): string =>
  `${valueText(entry[0])} => ${valueText(entry[1])}`;

const classPrefix = (name: string | null, usual: string): string =>
  name === usual ? '' : `${name ?? '[null prototype]'} `;
