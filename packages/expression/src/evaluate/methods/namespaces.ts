import { NAMESPACES } from '../../language/builtins.js';
import { apply, hasOwn, isObject, isProxy } from '../../inspect/intrinsics.js';
import { ACCESSOR } from '../../inspect/marks.js';
import { ownKeys } from '../../inspect/own-keys.js';
import { readOwn } from '../../inspect/property.js';
import { describe } from '../describe.js';
import { fail } from '../evaluation-error.js';
import { checkReadable, PROXY_IS_NOT_ASKED } from '../member.js';
import { checkPrimitive } from '../operators.js';
import { spend } from '../steps.js';

/** `Math.max(…)`, `Object.keys(…)`: functions and constants of the language's namespaces, saved at load. */

export type NamespaceFunction = (args: readonly unknown[], text: string) => unknown;

/** Keys that `Object.keys` may list; more is an error, because a silently cut list would be false evidence. */
const KEYS = 1_000;

type Native = (...args: never[]) => unknown;

/** Functions that convert their arguments, and so take primitives only. */
const converting =
  (native: Native): NamespaceFunction =>
  (args, text) => {
    for (let index = 0; index < args.length; index++) checkPrimitive(args[index], text);
    return apply(native, undefined, args as never[]);
  };

/** Functions that only look at what their arguments are. */
const looking =
  (native: Native): NamespaceFunction =>
  (args) =>
    apply(native, undefined, args as never[]);

const WRITTEN: Readonly<Record<string, NamespaceFunction>> = {
  'Array.isArray': looking(Array.isArray),
  'Date.now': looking(Date.now),
  'Number.isFinite': looking(Number.isFinite),
  'Number.isInteger': looking(Number.isInteger),
  'Number.isNaN': looking(Number.isNaN),
  'Number.isSafeInteger': looking(Number.isSafeInteger),
  'Object.hasOwn': (args, text) => {
    checkPrimitive(args[1], text);
    return hasOwn(ownable(args[0], text), args[1] as string);
  },
  'Object.entries': (args, text) => {
    const object = ownable(args[0], text);
    return mapKeys(object, text, (name) => [name, ownValue(object, name, text)]);
  },
  'Object.is': looking(Object.is),
  'Object.keys': (args, text) => keysOf(ownable(args[0], text), text),
  'Object.values': (args, text) => {
    const object = ownable(args[0], text);
    return mapKeys(object, text, (name) => ownValue(object, name, text));
  },
};

function keysOf(object: object, text: string): readonly string[] {
  const { names, complete } = ownKeys(object, 0);
  if (!complete || names.length > KEYS) fail(text, `an object with more than ${KEYS} keys`);
  spend(names.length);
  return names;
}

function mapKeys(object: object, text: string, make: (name: string) => unknown): unknown[] {
  const names = keysOf(object, text);
  const list: unknown[] = [];
  for (let index = 0; index < names.length; index++) list[index] = make(names[index]!);
  return list;
}

/** To leave a secret out without a word would be false evidence. */
function ownValue(object: object, name: string, text: string): unknown {
  checkReadable(name, text);
  const value = readOwn(object, name);
  return value === ACCESSOR ? fail(text, `\`${name}\` is a getter, which is never run`) : value;
}

const SOURCES: Readonly<Record<string, object>> = { Array, Date, Math, Number, Object };

const FUNCTIONS: ReadonlyMap<string, NamespaceFunction> = new Map(
  Object.entries(NAMESPACES).flatMap(([namespace, { functions }]) =>
    Object.keys(functions).map((name) => {
      const full = `${namespace}.${name}`;
      return [full, WRITTEN[full] ?? converting(member(namespace, name) as Native)] as const;
    }),
  ),
);

const CONSTANTS: ReadonlyMap<string, unknown> = new Map(
  Object.entries(NAMESPACES).flatMap(([namespace, { constants }]) =>
    constants.map((name) => [`${namespace}.${name}`, member(namespace, name)] as const),
  ),
);

function member(namespace: string, name: string): unknown {
  return Object.getOwnPropertyDescriptor(SOURCES[namespace], name)?.value;
}

export const namespaceFunction = (namespace: string, name: string): NamespaceFunction | undefined =>
  FUNCTIONS.get(`${namespace}.${name}`);

export const namespaceConstant = (namespace: string, name: string): unknown =>
  CONSTANTS.get(`${namespace}.${name}`);

function ownable(value: unknown, text: string): object {
  if (!isObject(value)) return fail(text, `${describe(value)} has no keys of its own to read`);
  if (isProxy(value)) return fail(text, PROXY_IS_NOT_ASKED);
  return value;
}
