import { isOfData } from './descriptor.js';
import { readChain } from './chain.js';
import { apply, getOwnPropertyDescriptor, hasOwn, isObject } from './intrinsics.js';
import { ABSENT, ACCESSOR } from './marks.js';

/**
 * `error.stack` looks like data and is not: V8 writes the text when it is first read, and for that asks
 * `Error.prepareStackTrace`, `name` and `message`. On Node 20 even asking for the descriptor does.
 */

const ownError = Error;

/** Node's own `Error.prepareStackTrace`, where this Node has one. */
const nodesPrepare = ((prepare) => (prepare?.name === 'ErrorPrepareStackTrace' ? prepare : undefined))(
  ownError.prepareStackTrace,
);

/** From Node 21 on, `stack` is an accessor of every error, with this getter. */
const nodesGetter = getOwnPropertyDescriptor(new ownError(), 'stack')?.get;

/**
 * Reads an own `stack`.
 * @returns the value; {@link ABSENT}; {@link ACCESSOR} where reading it would run the program's code
 */
export function readStack(object: object): unknown {
  if (!hasOwn(object, 'stack')) return ABSENT;
  if (!isFormattedByNode() || !hasPlainHeader(object)) return ACCESSOR;
  const descriptor = getOwnPropertyDescriptor(object, 'stack');
  if (descriptor === undefined) return ABSENT;
  if (isOfData(descriptor)) return descriptor.value;
  return descriptor.get !== undefined && descriptor.get === nodesGetter
    ? apply(nodesGetter, object, [])
    : ACCESSOR;
}

function isFormattedByNode(): boolean {
  const descriptor = getOwnPropertyDescriptor(ownError, 'prepareStackTrace');
  if (descriptor === undefined) return true;
  return isOfData(descriptor) && (descriptor.value === undefined || descriptor.value === nodesPrepare);
}

const hasPlainHeader = (object: object): boolean =>
  isPlain(readChain(object, 'name')) && isPlain(readChain(object, 'message'));

/** The marks of a chain that cannot be read are symbols, and so not plain either. */
const isPlain = (value: unknown): boolean => !isObject(value) && typeof value !== 'symbol';
