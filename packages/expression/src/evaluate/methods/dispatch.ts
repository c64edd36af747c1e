import { isDate, isMap, isSet, uncurry } from '../../inspect/intrinsics.js';
import { isSequence } from '../sequence.js';
import {
  BIGINT_METHODS,
  BOOLEAN_METHODS,
  DATE_METHODS,
  MAP_METHODS,
  NUMBER_METHODS,
  SET_METHODS,
} from './others.js';
import { SEQUENCE_METHODS } from './sequences.js';
import { STRING_METHODS } from './strings.js';
import type { Method, MethodTable } from './table.js';

const lookUp = uncurry(STRING_METHODS.get) as (
  table: MethodTable<never>,
  name: string,
) => Method<unknown> | undefined;

/** The method of that name for what the value genuinely is: a proxy or a look-alike has none. */
export function findMethod(value: unknown, name: string): Method<unknown> | undefined {
  const table = tableOf(value);
  return table && lookUp(table, name);
}

function tableOf(value: unknown): MethodTable<never> | undefined {
  switch (typeof value) {
    case 'string':
      return STRING_METHODS;
    case 'number':
      return NUMBER_METHODS;
    case 'bigint':
      return BIGINT_METHODS;
    case 'boolean':
      return BOOLEAN_METHODS;
    default:
      if (isSequence(value)) return SEQUENCE_METHODS;
      if (isMap(value)) return MAP_METHODS;
      if (isSet(value)) return SET_METHODS;
      return isDate(value) ? DATE_METHODS : undefined;
  }
}
