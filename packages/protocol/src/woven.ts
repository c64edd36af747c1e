/**
 * The woven-code contract: the names, layout and call signatures that the weaver writes into a
 * program and that the runtime plugs into. `ARCHITECTURE.md` shows a woven function.
 *
 * A file owns one or more *switch objects*, non-enumerable global constants whose fields are
 * `undefined` while nothing is armed, so that the JIT folds every check away:
 *
 *     $dm_1f9c2a60b1c4 = { n12: 1, w: v => v, f0: undefined, f1: undefined, … }
 *
 * Only a file's first switch object has the `w`.
 *
 * Function `k` of a file lives in switch object `floor(k / FUNCTIONS_PER_SWITCH)` under the field
 * `f<k>`. Arming it puts an {@link ArmedFunction} there, whatever its form:
 *
 * - `twin`: the function's first statement hands over a second, hooked body:
 *   `const $h = S.f0; if ($h !== void 0) return $h(function ($p, cart) { …hooked… }, this, cart);`
 *   and every line of the twin starts with `$p.l<point>?.(self, …locals, outers?)`. `$p` is the armed
 *   function itself, and it is the runtime that sees the call begin and end.
 * - `inline`: the hooks stand in the function's only body: `S.f3?.l7?.(self, …locals, outers?, $f?)`. Where
 *   the manifest says that its `exits` are seen, it begins with `let $f = S.f3?.e?.(self, …parameters)`, which
 *   is the *frame* of the call. Its lines pass the frame, and it tells the frame how the call ends,
 *   `$f?.x(value)`, `$f?.t(error)`, and where an async function waits:
 *   `const rows = await S.w(load(id), $f?.a()); $f?.r();`.
 *
 * Functions inside a function that has two bodies stand in its second one too, there always `inline`.
 *
 * `self` is `this`, or `undefined` where `this` may not be read or does not belong to the function.
 * `outers` is present where the point has `outers` in the manifest: a thunk
 * that returns the values of the outer variables, in manifest order. It may throw (a variable in
 * its temporal dead zone), so the runtime calls it inside its exception barrier and only when asked.
 * `$f` stands behind that; it is `undefined` where nobody heard the call begin.
 */

/** Version of everything in this file. A runtime that meets another version leaves that file alone. */
export const CONTRACT_VERSION = 3;

/** `Symbol.for(WOVEN_REGISTRY)` on `globalThis` holds the array of {@link WovenFile} registrations. */
export const WOVEN_REGISTRY = 'dormouse.woven';

/** Prefix of every switch object's global name; the file's id follows, then `_<n>` from the second on. */
export const SWITCH_PREFIX = '$dm_';

/**
 * Prefix of a switch object's first field, followed by the number of its functions. Objects with equally many share one
 * hidden class, and no other number's is on the way to it, which V8 could not rely on. A hidden class for every
 * file's own would be thousands of them ([decision 0023](../../../decisions/0023-switch-objects-share-hidden-classes.md)). So whoever sets
 * the first field of an object puts a copy in its place first.
 */
export const SHAPE_PREFIX = 'n';

/** The field of a file's first switch object that holds a function which returns its first argument. */
export const FIRST_ARGUMENT = 'w';

/** Preferred name of the twin's first parameter; the weaver picks another when the file uses it. */
export const HOOKS_PARAMETER = '$p';

/** Preferred name of the local that holds the switch field while a `twin` function is entered. */
export const ENTRY_LOCAL = '$h';

/** Preferred name of a twin's local that holds the thunk of the outer variables, where its points share one. */
export const OUTERS_LOCAL = '$o';

/** Preferred names of the locals of an inline function's call: its frame, what it returns, what it throws. */
export const FRAME_LOCAL = '$f';
export const RESULT_LOCAL = '$r';
export const ERROR_LOCAL = '$e';

/** V8 turns literals with many more properties into dictionaries, whose fields it does not fold. */
export const FUNCTIONS_PER_SWITCH = 64;

/** What a woven file pushes into the registry when it is first evaluated. */
export interface WovenFile {
  readonly contract: number;
  /** The file's id in the manifest: 12 hexadecimal digits. */
  readonly file: string;
  /** How many functions the file has; the number of switch objects follows from it. */
  readonly functions: number;
}

/** One line hook: `this`, the point's locals in manifest order, the outers' thunk if there is one, the call's frame if it has one. */
export type LineHook = (self: unknown, ...values: unknown[]) => void;

/**
 * A call that was seen to begin. It belongs to that call alone, so recursion and overlapping calls
 * cannot mix. Only the first end it hears of counts: a `return` that a `finally` overrides is followed by another.
 */
export interface CallFrame {
  /** The call ends with `value`; where that is the frame itself, in a way that could not be seen: thrown, or closed early. */
  x(value?: unknown): void;
  /** The call throws `error`. */
  t(error: unknown): void;
  /** The call is about to be suspended; it may say so more than once. */
  a(): void;
  /**
   * The call goes on, if it was suspended. Where it does so with an error, or in the middle of an expression that an
   * error's message may quote, it is the next line, or the call's end, that says so.
   */
  r(): void;
}

/** Called as a call begins: `this`, then the parameters in manifest order. `undefined`: nobody waits for its end. */
export type EnterHook = (self: unknown, ...parameters: unknown[]) => CallFrame | undefined;

/** The hooks of one function: only armed points have a field. */
export interface FunctionHooks {
  [point: `l${number}`]: LineHook | undefined;
  e?: EnterHook | undefined;
}

/** The second body of a `twin` function. `this` and the parameters' values are those of the call. */
export type Twin = (this: unknown, hooks: FunctionHooks, ...parameters: unknown[]) => unknown;

/**
 * Enters a `twin` function's second body; it must call the twin exactly once. After the values of the
 * manifest's parameters may come others that the twin needs; they are passed on as they are.
 */
export type EnterTwin = (twin: Twin, self: unknown, ...parameters: unknown[]) => unknown;

/** What the runtime writes into a function's field. */
export type ArmedFunction = EnterTwin & FunctionHooks;

/** A switch object as the runtime sees it. */
export type Switch = Record<string, ArmedFunction | undefined | 1 | ((first: unknown) => unknown)>;
