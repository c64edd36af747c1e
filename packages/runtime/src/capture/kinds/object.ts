import type { ObjectValue } from '@dormouse/protocol';
import { classNameOf } from '@dormouse/expression/inspect';
import type { Kind } from '../kind.js';
import { captureProperties } from '../properties.js';

/** Anything that is of no other kind: literals, instances, arguments, namespaces. */
export const objectKind: Kind<ObjectValue> = {
  start: (object) => ({ type: 'object', class: classNameOf(object), properties: [] }),
  open: captureProperties,
};
