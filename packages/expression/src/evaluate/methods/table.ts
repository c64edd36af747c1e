import type { Sequence } from '../sequence.js';

/** The values of one evaluation, by slot. */
export type Frame = readonly unknown[];

/** The reading methods of one kind of value, by name; only ever called on genuine instances. */
export type MethodTable<Self> = ReadonlyMap<string, Method<Self>>;

/** @param text of the whole call, for errors */
export type Method<Self> = (self: Self, args: readonly unknown[], text: string) => unknown;

/** A predicate of the expression, `item => item.price > limit`; `limit` comes from the frame. */
export type Predicate = (frame: Frame, element: unknown, index: number) => unknown;

export type PredicateMethod = (self: Sequence, predicate: Predicate, frame: Frame, text: string) => unknown;
