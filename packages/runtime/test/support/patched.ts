/**
 * Replaces the functions of the language, as a hostile program or a polyfill might, by ones that count
 * their calls and then do their work.
 */
const HOLDERS: Readonly<Record<string, object>> = {
  Array,
  'Array.prototype': Array.prototype,
  'ArrayIterator.prototype': Object.getPrototypeOf([][Symbol.iterator]()) as object,
  Buffer,
  Date,
  'Date.prototype': Date.prototype,
  'Function.prototype': Function.prototype,
  JSON,
  Map,
  'Map.prototype': Map.prototype,
  Math,
  Number,
  'Number.prototype': Number.prototype,
  Object,
  'Object.prototype': Object.prototype,
  Reflect,
  'RegExp.prototype': RegExp.prototype,
  'Set.prototype': Set.prototype,
  String,
  'String.prototype': String.prototype,
  'StringIterator.prototype': Object.getPrototypeOf(''[Symbol.iterator]()) as object,
  'Symbol.prototype': Symbol.prototype,
  'TypedArray.prototype': Object.getPrototypeOf(Uint8Array.prototype) as object,
  'WeakMap.prototype': WeakMap.prototype,
  globalThis,
  performance: Object.getPrototypeOf(performance) as object,
};

/** @returns the names of the replaced functions that were called while `run` ran */
export function callsOfPatched(run: () => void): string[] {
  const { defineProperty, getOwnPropertyDescriptor } = Object;
  const { apply, ownKeys, construct } = Reflect;
  const undo: [object, PropertyKey, PropertyDescriptor][] = [];
  const called: string[] = [];
  let isRunning = false;
  for (const [name, holder] of Object.entries(HOLDERS)) {
    for (const key of ownKeys(holder)) {
      const descriptor = getOwnPropertyDescriptor(holder, key) as PropertyDescriptor;
      const original: unknown = descriptor.value;
      const isConstructor = typeof original === 'function' && Object.hasOwn(original, 'prototype');
      if (typeof original !== 'function' || isConstructor || !descriptor.configurable) continue;
      const label = `${name}.${String(key)}`;
      undo[undo.length] = [holder, key, descriptor];
      defineProperty(holder, key, {
        ...descriptor,
        value: function (this: unknown, ...values: unknown[]): unknown {
          if (isRunning) called[called.length] = label;
          return new.target ? construct(original, values) : (apply(original, this, values) as unknown);
        },
      });
    }
  }
  try {
    isRunning = true;
    run();
  } finally {
    isRunning = false;
    for (let index = 0; index < undo.length; index++) {
      const entry = undo[index] as (typeof undo)[number];
      defineProperty(entry[0], entry[1], entry[2]);
    }
  }
  return called;
}
