import { isArray, getOwnPropertyDescriptor, reflectDefineProperty } from '../intrinsics.js';

const { Error } = globalThis;
const { captureStackTrace } = Error;

/**
 * The calls on the stack, structured and without running the program's `Error.prepareStackTrace`:
 * ours stands in for it, and for `Error.stackTraceLimit`, just long enough to take one trace.
 * Await chains are included, as V8 knows them.
 * @param below frames of this function and of everything it called are left out
 * @returns nothing where the program has replaced or frozen `Error`
 */
export function callSites(limit: number, below: (...args: never[]) => unknown): readonly NodeJS.CallSite[] {
  if (globalThis.Error !== Error) return [];
  const restoreLimit = replace('stackTraceLimit', limit);
  const restorePrepare = replace('prepareStackTrace', keepCallSites);
  try {
    if (restoreLimit === undefined || restorePrepare === undefined) return [];
    const holder: { stack?: unknown } = {};
    captureStackTrace(holder, below);
    // V8 formats the trace when it is read, not when it is taken.
    return isArray(holder.stack) ? (holder.stack as NodeJS.CallSite[]) : [];
  } finally {
    restorePrepare?.();
    restoreLimit?.();
  }
}

const keepCallSites = (_error: unknown, sites: NodeJS.CallSite[]): NodeJS.CallSite[] => sites;

/** @returns puts back what was there, even a missing property or an accessor; undefined where nothing may be changed */
function replace(key: 'stackTraceLimit' | 'prepareStackTrace', value: unknown): (() => void) | undefined {
  const before = getOwnPropertyDescriptor(Error, key);
  const isData = before !== undefined && 'value' in before;
  const replacement = isData
    ? { ...before, value }
    : { value, writable: true, enumerable: true, configurable: true };
  if (!reflectDefineProperty(Error, key, replacement)) return undefined;
  return () => {
    if (before === undefined) delete (Error as unknown as Record<string, unknown>)[key];
    else reflectDefineProperty(Error, key, before);
  };
}
