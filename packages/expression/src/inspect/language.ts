/** Of the intrinsics those that need no Node: with them alone a browser, too, knows a secret when it sees one. */

const { bind, call } = Function.prototype;

/** `uncurry(f)(self, …args)` is `self.f(…args)`. V8 inlines the bound call: it costs what the method costs. */
export const uncurry = <Args extends readonly unknown[], Result>(method: (...args: Args) => Result) =>
  Reflect.apply(bind, call, [method]) as (self: unknown, ...args: Args) => Result;

/** The function behind a built-in accessor, such as `size` of `Map.prototype`. */
export function getterOf(holder: object, key: PropertyKey): () => unknown {
  const getter = Object.getOwnPropertyDescriptor(holder, key)?.get;
  if (getter === undefined) throw new Error(`no built-in accessor ${String(key)}`);
  return getter;
}

export const { max, min, trunc } = Math;

export const { fromCharCode } = String;
export const charCodeAt = uncurry(String.prototype.charCodeAt);
export const slice = uncurry(String.prototype.slice);
export const toLowerCase = uncurry(String.prototype.toLowerCase);
