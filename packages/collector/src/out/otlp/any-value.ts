import type { CapturedProperty, CapturedValue, Omission } from '@dormouse/protocol';
import type { AnyValue } from '@opentelemetry/api';

export type AnyValueMap = Record<string, AnyValue>;

/** How much of the values of one hit goes out; all of it stays with the collector. */
const DEPTH = 4;
const VALUES = 500;
const CHARACTERS = 2_048;

/** Captured values as OpenTelemetry has them. What is left out, there or here, says so. */
export class AnyValues {
  #room = VALUES;

  /** Variables, or the properties of an object. */
  members(properties: readonly CapturedProperty[], depth = DEPTH, omitted?: Omission): AnyValueMap {
    const members: AnyValueMap = {};
    for (const { key, value } of properties) {
      if (this.#room <= 0) return { ...members, '…': NO_ROOM };
      members[key] = this.of(value, depth - 1);
    }
    return omitted === undefined ? members : { ...members, '…': more(omitted) };
  }

  of(value: CapturedValue, depth = DEPTH): AnyValue {
    this.#room--;
    switch (value.type) {
      case 'null':
        return null;
      case 'boolean':
      case 'number':
        return value.value;
      case 'string':
        return cut(value.value) + (value.omitted === undefined ? '' : more(value.omitted));
      case 'bigint':
      case 'symbol':
      case 'regexp':
      case 'date':
        return cut(value.value);
      case 'function':
        return mark(`${value.class ? 'class' : 'function'} ${value.name}`);
      case 'object':
        return depth <= 0 ? mark('depth') : this.members(value.properties, depth, value.omitted);
      case 'error':
        return depth <= 0
          ? cut(`${value.class}: ${value.message}`)
          : {
              class: value.class,
              message: cut(value.message),
              ...this.members(value.properties, depth, value.omitted),
            };
      case 'array':
      case 'set':
        return depth <= 0 ? mark('depth') : this.#list(value.items, depth, value.omitted);
      case 'map':
        return depth <= 0 ? mark('depth') : this.#list(value.entries.flat(), depth, value.omitted);
      case 'binary':
        return mark(`${value.class} of ${value.byteLength} bytes`);
      case 'omitted':
        return mark(value.omitted.reason);
      default:
        return mark(value.type);
    }
  }

  /** Of a map: keys and values in turn. */
  #list(items: readonly CapturedValue[], depth: number, omitted?: Omission): AnyValue[] {
    const list: AnyValue[] = [];
    for (const item of items) {
      if (this.#room <= 0) return [...list, NO_ROOM];
      list.push(this.of(item, depth - 1));
    }
    return omitted === undefined ? list : [...list, more(omitted)];
  }
}

/** What stands where something is missing, with the reason. */
const mark = (reason: string): string => `‹${reason}›`;

const NO_ROOM = mark('the collector has more');

const more = ({ reason, count }: Omission): string =>
  mark(count === undefined ? reason : `${count} more: ${reason}`);

const cut = (text: string): string =>
  text.length <= CHARACTERS
    ? text
    : `${text.slice(0, CHARACTERS)}${mark(`${text.length - CHARACTERS} more characters`)}`;
