import { getOwnPropertyDescriptor, getPrototypeOf, isObject } from '../inspect/intrinsics.js';
import { ACCESSOR, PROXY } from '../inspect/marks.js';
import { readProperty } from '../inspect/property.js';
import { redaction } from '../redaction/rules.js';
import { describe } from './describe.js';
import { fail, failUnreadable } from './evaluation-error.js';
import { spendCharacters } from './steps.js';

/** Reading `object.key` as JavaScript does, where that runs nobody's code; elsewhere it fails. */

export const PROXY_IS_NOT_ASKED = "a proxy is never asked: its traps are the program's code";

/** @param text of the whole member expression, for errors */
export function readMember(object: unknown, key: PropertyKey, text: string): unknown {
  const value = isObject(object) ? readProperty(object, key) : readOfPrimitive(object, key, text);
  if (value === ACCESSOR) {
    failUnreadable(text, 'a getter is never run; name the field behind it', object as object, key);
  }
  if (value === PROXY) failUnreadable(text, PROXY_IS_NOT_ASKED, object as object, key);
  return value;
}

function readOfPrimitive(value: unknown, key: PropertyKey, text: string): unknown {
  if (value === undefined || value === null) {
    return fail(text, `read from ${value}; write \`?.\` where that is to be expected`);
  }
  if (typeof value === 'string') {
    if (key === 'length') return value.length;
    spendCharacters(value);
  }
  const own = getOwnPropertyDescriptor(value, key);
  return own === undefined ? readProperty(getPrototypeOf(value) as object, key) : own.value;
}

/** Makes a key of a computed one's value. */
export function toKey(value: unknown, text: string): PropertyKey {
  if (typeof value === 'number' || typeof value === 'symbol') return value;
  if (isObject(value)) fail(text, `the key is ${describe(value)}, which only its own code could convert`);
  const key = `${value as string}`;
  checkReadable(key, text);
  return key;
}

/** A name that is only known now: no one could see before whether it may be read. */
export function checkReadable(name: string, text: string): void {
  if (!redaction().isShown(name)) fail(text, redacted(name));
}

export const redacted = (name: string): string => `\`${name}\` is a name that redaction protects`;
