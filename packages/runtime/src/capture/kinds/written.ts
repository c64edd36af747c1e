import type { ObjectValue } from '@dormouse/protocol';
import { intrinsics } from '@dormouse/expression/inspect';
import { captureClassName } from '../class-name.js';
import type { Kind } from '../kind.js';
import { captureProperties } from '../properties.js';

const { apply, getPrototypeOf, getterOf, uncurry } = intrinsics;

/** How Node and the language themselves write objects that have no properties, by prototype. */
type Write = (this: object) => string;
const writers = new Map<object | null, Write>([
  [URL.prototype, getterOf(URL.prototype, 'href') as Write],
  [URLSearchParams.prototype, URLSearchParams.prototype.toString],
]);
const writerOf = uncurry(writers.get) as (map: typeof writers, prototype: object | null) => Write | undefined;

/** From Node 26 on. */
const { Temporal } = globalThis as { readonly Temporal?: Readonly<Record<string, { prototype: object }>> };
const TEMPORAL = [
  'Duration',
  'Instant',
  'PlainDate',
  'PlainDateTime',
  'PlainMonthDay',
  'PlainTime',
  'PlainYearMonth',
  'ZonedDateTime',
];
for (const name of Temporal === undefined ? [] : TEMPORAL) {
  const prototype = Temporal?.[name]?.prototype;
  if (prototype !== undefined) writers.set(prototype, prototype.toString as Write);
}

export const isWritten = (prototype: object | null): boolean => writerOf(writers, prototype) !== undefined;

/** A `URL`, `URLSearchParams`, and what `Temporal` has. */
export const writtenKind: Kind<ObjectValue> = {
  start: (object, walker) => ({ type: 'object', class: captureClassName(object, walker), properties: [] }),
  open(object, draft, walker, level) {
    const text = textOf(object);
    if (text === undefined) captureProperties(object, draft, walker, level);
    else draft.properties[0] = { key: '[[Text]]', value: walker.look(text, level + 1) };
  },
};

/** @returns undefined for what only inherits from one of the prototypes */
function textOf(object: object): string | undefined {
  try {
    return apply(writerOf(writers, getPrototypeOf(object)) as Write, object, []);
  } catch {
    return undefined;
  }
}
