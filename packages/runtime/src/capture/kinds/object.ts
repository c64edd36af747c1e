import type { ObjectValue } from '@dormouse/protocol';
import { captureClassName } from '../class-name.js';
import type { Kind } from '../kind.js';
import { captureProperties } from '../properties.js';

/** Anything that is of no other kind: literals, instances, arguments, namespaces. */
export const objectKind: Kind<ObjectValue> = {
  start: (object, walker) => ({ type: 'object', class: captureClassName(object, walker), properties: [] }),
  open: captureProperties,
};
