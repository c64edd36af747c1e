import type { CapturedProperty, CapturedValue } from '@dormouse/protocol';

/** A captured value as a log shows it: strings bare at the top, everything else close to how it is written in code. */
export const logText = (value: CapturedValue): string =>
  value.type === 'string' && value.omitted === undefined ? value.value : valueText(value);

function valueText(value: CapturedValue): string {
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
    case 'date':
      return value.value;
    case 'string':
      return `'${value.value}${value.omitted === undefined ? '' : '…'}'`;
    case 'function':
      return `[${value.class ? 'class' : 'function'} ${value.name}]`;
    case 'object':
      return `${classPrefix(value.class, 'Object')}{${listText(value.properties.map(propertyText), value)}}`;
    case 'array':
      return `${classPrefix(value.class, 'Array')}[${listText(value.items.map(valueText), value)}]`;
    case 'set':
      return `${value.class}(${value.size}) {${listText(value.items.map(valueText), value)}}`;
    case 'map':
      return `${value.class}(${value.size}) {${listText(value.entries.map(entryText), value)}}`;
    case 'error':
      return `${value.class}: ${value.message}`;
    case 'binary':
      return `${value.class}(${value.byteLength}) [${listText(value.items.map(String), value)}]`;
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
const listText = (parts: readonly string[], { omitted }: { readonly omitted?: unknown }): string =>
  (omitted === undefined ? parts : [...parts, '…']).join(', ');

const propertyText = ({ key, value }: CapturedProperty): string => `${key}: ${valueText(value)}`;

const entryText = ([key, value]: readonly [CapturedValue, CapturedValue]): string =>
  `${valueText(key)} => ${valueText(value)}`;

const classPrefix = (name: string | null, usual: string): string =>
  name === usual ? '' : `${name ?? '[null prototype]'} `;
