/**
 * The woven-code contract: the names, layout and call signatures that the weaver writes into a
 * program and that the runtime plugs into. `ARCHITECTURE.md` shows a woven function.
 *
 * A file owns one or more *switch objects*, non-enumerable global constants whose fields are
 * `undefined` while nothing is armed, so that the JIT folds every check away:
 *
 *     $dm_1f9c2a60b1c4 = { $dm_1f9c2a60b1c4: 1, f0: undefined, f1: undefined, … }
 *
 * Function `k` of a file lives in switch object `floor(k / FUNCTIONS_PER_SWITCH)` under the field
 * `f<k>`. What the runtime writes into that field depends on the function's form:
 *
 * - `twin`: an {@link EnterTwin}. The function's first statement hands over a second, hooked body:
 *   `const $h = S.f0; if ($h !== void 0) return $h(function ($p, cart) { …hooked… }, this, cart);`
 *   and every line of the twin starts with `$p.l<point>?.(self, …locals, outers?)`.
 * - `inline`: a {@link LineHooks}. The hooks stand in the function's only body:
 *   `S.f3?.l7?.(self, …locals, outers?)`.
 *
 * `self` is `this`, or `undefined` where `this` may not be read or does not belong to the function.
 * `outers`, the last argument, is present where the point has `outers` in the manifest: a thunk
 * that returns the values of the outer variables, in manifest order. It may throw (a variable in
 * its temporal dead zone), so the runtime calls it inside its exception barrier and only when asked.
 */

/** Version of everything in this file. A runtime that meets another version leaves that file alone. */
export const CONTRACT_VERSION = 1;

/** `Symbol.for(WOVEN_REGISTRY)` on `globalThis` holds the array of {@link WovenFile} registrations. */
export const WOVEN_REGISTRY = 'dormouse.woven';

/** Prefix of every switch object's global name; the file's id follows, then `_<n>` from the second on. */
export const SWITCH_PREFIX = '$dm_';

/** Preferred name of the twin's first parameter; the weaver picks another when the file uses it. */
export const HOOKS_PARAMETER = '$p';

/** Preferred name of the local that holds the switch field while a `twin` function is entered. */
export const ENTRY_LOCAL = '$h';

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

/** One line hook: `this`, the point's locals in manifest order, then the outers' thunk if there is one. */
export type LineHook = (self: unknown, ...values: unknown[]) => void;

/** The hooks of one function: only armed points have a field. */
export interface LineHooks {
  [point: `l${number}`]: LineHook | undefined;
}

/** The second body of a `twin` function. `this` and the parameters' values are those of the call. */
export type Twin = (this: unknown, hooks: LineHooks, ...parameters: unknown[]) => unknown;

/** What the runtime writes into the field of a `twin` function: it must call the twin exactly once. */
export type EnterTwin = (twin: Twin, self: unknown, ...parameters: unknown[]) => unknown;

/** A switch object as the runtime sees it. */
export type Switch = Record<string, EnterTwin | LineHooks | undefined | 1>;
