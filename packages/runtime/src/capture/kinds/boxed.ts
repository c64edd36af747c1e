import type { ObjectValue } from '@dormouse/protocol';
import { intrinsics } from '@dormouse/expression/inspect';
import { captureClassName } from '../class-name.js';
import type { Kind } from '../kind.js';

const { isBigIntObject, isBooleanObject, isNumberObject, isStringObject, uncurry } = intrinsics;

const stringOf = uncurry(String.prototype.valueOf);
const numberOf = uncurry(Number.prototype.valueOf);
const booleanOf = uncurry(Boolean.prototype.valueOf);
const bigIntOf = uncurry(BigInt.prototype.valueOf);
const symbolOf = uncurry(Symbol.prototype.valueOf);

/** `new String('…')` and its kin: what is in the box, not a property for each letter. */
export const boxedKind: Kind<ObjectValue> = {
  start: (box, walker) => ({ type: 'object', class: captureClassName(box, walker), properties: [] }),
  open: (box, draft, walker, level) => {
    draft.properties[0] = { key: '[[PrimitiveValue]]', value: walker.look(contentOf(box), level + 1) };
  },
};

function contentOf(box: object): unknown {
  if (isStringObject(box)) return stringOf(box);
  if (isNumberObject(box)) return numberOf(box);
  if (isBooleanObject(box)) return booleanOf(box);
  return isBigIntObject(box) ? bigIntOf(box) : symbolOf(box);
}
