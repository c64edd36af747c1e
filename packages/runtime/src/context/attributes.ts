import { LIMITS } from '@dormouse/protocol';
import { charCodeAt, createObject, keys, slice } from '../intrinsics.js';
import type { Attributes } from './slot.js';

/** What a program may say of a request. Anything that is no plain value is left out. */
export type GivenAttributes = Readonly<Record<string, string | number | boolean | bigint | null | undefined>>;

/** Attributes in the making: bounded in number and length. The first of a name stays, so what matters most is added first. */
export class AttributeList {
  readonly #attributes = createObject(null) as Record<string, string>;
  #room: number = LIMITS.contextAttributes;

  get attributes(): Attributes {
    return this.#attributes;
  }

  add(name: string, value: unknown): void {
    if (this.#room === 0 || !isName(name)) return;
    const text = textOf(value);
    if (text === undefined || this.#attributes[name] !== undefined) return;
    this.#attributes[name] = slice(text, 0, LIMITS.contextValueLength);
    this.#room--;
  }

  addAll(attributes: Readonly<Record<string, unknown>>): void {
    const names = keys(attributes);
    for (let index = 0; index < names.length; index++) {
      const name = names[index] as string;
      this.add(name, attributes[name]);
    }
  }
}

/** Not empty, not long, and on one line. */
function isName(name: string): boolean {
  if (name === '' || name.length > LIMITS.contextNameLength) return false;
  for (let at = 0; at < name.length; at++) if (isControl(charCodeAt(name, at))) return false;
  return true;
}

const isControl = (code: number): boolean => code < 0x20 || (code >= 0x7f && code < 0xa0);

function textOf(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
    case 'bigint':
      return `${value}`;
    default:
      return undefined;
  }
}
