import type { BinaryValue, CapturedValue } from '@dormouse/protocol';
import { intrinsics } from '@dormouse/expression/inspect';
import { redactText } from '@dormouse/expression/secrets';
import { captureClassName } from '../class-name.js';
import type { Draft, Kind } from '../kind.js';
import { numberValue } from '../primitives.js';

const {
  dataViewPrototype,
  fromCharCode,
  getterOf,
  isTypedArray,
  isDataView,
  min,
  typedArrayPrototype,
  typedLength,
  uncurry,
} = intrinsics;

/** Of a number, encoded. */
const ITEM_BYTES = 9;

type Elements = ArrayLike<number | bigint>;

/** Bytes beyond those shown that are searched for the end of a secret. */
const BEYOND = 64;

/** Typed arrays, Buffers, ArrayBuffers and DataViews. They hold no other values, so they are shown at any depth. */
export const binaryKind: Kind<BinaryValue | Extract<CapturedValue, { type: 'redacted' }>> = {
  start: (binary, walker) => {
    const elements = elementsOf(binary);
    const length = typedLength(elements);
    const most = min(length, walker.limits.items);
    if (hasSecret(elements, min(length, most + BEYOND))) return { type: 'redacted', rule: 'binary' };
    const draft: Draft<BinaryValue> = {
      type: 'binary',
      class: captureClassName(binary, walker) ?? 'Object',
      byteLength: byteLengthOf(elements),
      items: [],
    };
    for (let index = 0; index < most; index++) draft.items[index] = itemOf(elements[index]!);
    walker.budget.spendBytes(most * ITEM_BYTES);
    if (most < length) draft.omitted = walker.omit('collectionSize', length - most);
    walker.budget.lookAtClock();
    return draft;
  },
};

const byteLengthOf = uncurry(getterOf(typedArrayPrototype, 'byteLength')) as (elements: Elements) => number;
const lengthOfView = uncurry(getterOf(dataViewPrototype, 'byteLength')) as (view: object) => number;
const offsetOfView = uncurry(getterOf(dataViewPrototype, 'byteOffset')) as (view: object) => number;
const bufferOfView = uncurry(getterOf(dataViewPrototype, 'buffer')) as (view: object) => ArrayBuffer;

const Bytes = Uint8Array;

/** Looks at the bytes in place. */
function elementsOf(binary: object): Elements {
  if (isTypedArray(binary)) return binary;
  return isDataView(binary)
    ? new Bytes(bufferOfView(binary), offsetOfView(binary), lengthOfView(binary))
    : new Bytes(binary as ArrayBuffer);
}

const itemOf = (element: number | bigint): number | string =>
  typeof element === 'bigint' ? `${element}` : numberValue(element);

/** Bytes may be the letters of a secret. */
function hasSecret(elements: Elements, length: number): boolean {
  let text = '';
  for (let index = 0; index < length; index++) {
    const element = elements[index]!;
    text += typeof element === 'number' && element > 0 && element < 128 ? fromCharCode(element) : '\n';
  }
  return redactText(text) !== text;
}
