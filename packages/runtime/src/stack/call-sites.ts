import { intrinsics } from '@dormouse/expression/inspect';
import { getOwnPropertyDescriptor, isArray, reflectDefineProperty } from '../intrinsics.js';

const { hasOwn } = intrinsics;

const { Error } = globalThis;
const { captureStackTrace } = Error;

/** A stack as V8 keeps it until it is read. */
export interface Trace {
  readonly stack?: unknown;
}

/**
 * Takes the stack, await chains included, with `Error.stackTraceLimit` set to ours just long enough.
 * @param below frames of this function and of everything it called are left out
 * @returns undefined where the program has replaced or frozen `Error`
 */
export function takeTrace(limit: number, below: (...args: never[]) => unknown): Trace | undefined {
  if (globalThis.Error !== Error) return undefined;
  return withSetting('stackTraceLimit', limit, () => {
    const trace: Trace = {};
    captureStackTrace(trace, below);
    return trace;
  });
}

/**
 * The calls of a trace, structured and without running the program's `Error.prepareStackTrace`: V8 asks it when a
 * trace is read for the first time, and ours stands in for it just long enough.
 * @returns nothing where the program allows no change
 */
export function callSitesOf(trace: Trace): readonly NodeJS.CallSite[] {
  const sites = withSetting('prepareStackTrace', keepCallSites, () => trace.stack);
  return isArray(sites) ? (sites as NodeJS.CallSite[]) : [];
}

const keepCallSites = (_error: unknown, sites: NodeJS.CallSite[]): NodeJS.CallSite[] => sites;

type Key = 'stackTraceLimit' | 'prepareStackTrace';

const settings = Error as unknown as Record<Key, unknown>;

/** @returns undefined, and nothing has run, where the program does not allow to change the setting */
function withSetting<Result>(key: Key, value: unknown, run: () => Result): Result | undefined {
  const before = getOwnPropertyDescriptor(Error, key);
  try {
    return put(key, before, value) ? run() : undefined;
  } finally {
    putBack(key, before);
  }
}

/** Assigning is ten times faster than defining, and the same where there is a property to assign to. */
const isAssignable = (before: PropertyDescriptor | undefined): before is PropertyDescriptor =>
  before !== undefined && hasOwn(before, 'writable') && before.writable === true;

/** @returns whether the program allows it */
function put(key: Key, before: PropertyDescriptor | undefined, value: unknown): boolean {
  if (!isAssignable(before))
    return reflectDefineProperty(Error, key, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  settings[key] = value;
  return true;
}

/** Puts back what was there, even a missing property or an accessor. */
function putBack(key: Key, before: PropertyDescriptor | undefined): void {
  if (isAssignable(before)) settings[key] = before.value;
  else if (before === undefined) delete settings[key];
  else reflectDefineProperty(Error, key, before);
}
