import type { CapturedValue } from '@dormouse/protocol';

export type Literal = string | number | bigint | boolean | null | undefined;

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'contains';

/**
 * Whether a captured value stands in a relation to one that was written down. As with `===`, only values of one type are equal,
 * but that a date is compared with a text, and a bigint with a number.
 * @returns undefined where it cannot be told, because what would tell was hidden or left out
 */
export function compareValue(
  value: CapturedValue,
  operator: Operator,
  literal: Literal,
): boolean | undefined {
  if (value.type === 'redacted' || value.type === 'omitted') return undefined;
  if (operator === 'contains') return contains(value, literal);
  const order = orderOf(value, literal);
  if (order === 'unknown') return undefined;
  switch (operator) {
    case '=':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order === -1;
    case '<=':
      return order === -1 || order === 0;
    case '>':
      return order === 1;
    case '>=':
      return order === 1 || order === 0;
  }
}

/** `unequal`: neither comes first. */
type Order = -1 | 0 | 1 | 'unequal' | 'unknown';

function orderOf(value: CapturedValue, literal: Literal): Order {
  switch (value.type) {
    case 'undefined':
    case 'null':
      return String(literal) === value.type && typeof literal !== 'string' ? 0 : 'unequal';
    case 'boolean':
      return value.value === literal ? 0 : 'unequal';
    case 'number':
      return isNumeric(literal) ? compare(Number(value.value), literal) : 'unequal';
    case 'bigint':
      return isNumeric(literal) ? compare(BigInt(value.value), literal) : 'unequal';
    case 'string':
      return typeof literal === 'string' ? compareText(value, literal) : 'unequal';
    case 'date':
      return typeof literal === 'string' ? compareDates(value.value, literal) : 'unequal';
    case 'symbol':
    case 'regexp':
      return value.value === literal ? 0 : 'unequal';
    default:
      return 'unequal';
  }
}

const isNumeric = (literal: Literal): literal is number | bigint =>
  typeof literal === 'number' || typeof literal === 'bigint';

function compare<Value extends number | bigint | string>(one: Value, other: Value | number | bigint): Order {
  if (one < other) return -1;
  if (one > other) return 1;
  // oxlint-disable-next-line eqeqeq -- a bigint and a number
  return one == other ? 0 : 'unequal';
}

const REDACTED = '[redacted:';

/** Of a text that was cut only the beginning is known; of one with secrets in it, what stands before the first. */
function compareText(
  { value, omitted }: CapturedValue & { readonly type: 'string' },
  literal: string,
): Order {
  const hiddenAt = value.indexOf(REDACTED);
  if (hiddenAt === -1 && omitted === undefined) return compare(value, literal);
  if (value === literal) return omitted === undefined ? 0 : 1;
  const known = hiddenAt === -1 ? value : value.slice(0, hiddenAt);
  const order = compare(known, literal.slice(0, known.length));
  return order === 0 ? 'unknown' : order;
}

function compareDates(iso: string, literal: string): Order {
  if (iso === literal) return 0;
  const [one, other] = [Date.parse(iso), Date.parse(literal)];
  return Number.isNaN(one) || Number.isNaN(other) ? 'unequal' : compare(one, other);
}

/** Texts have parts, lists and Sets items, Maps and objects keys. */
function contains(value: CapturedValue, literal: Literal): boolean | undefined {
  switch (value.type) {
    case 'string':
      return containsText(value, literal);
    case 'array':
    case 'set':
      return anyOf(
        value.items.map((item) => compareValue(item, '=', literal)),
        value.omitted !== undefined,
      );
    case 'map':
      return anyOf(
        value.entries.map(([key]) => compareValue(key, '=', literal)),
        value.omitted !== undefined,
      );
    case 'object':
    case 'error':
      return anyOf(
        value.properties.map(({ key }) => key === literal),
        value.omitted !== undefined,
      );
    default:
      return false;
  }
}

function containsText(
  { value, omitted }: CapturedValue & { readonly type: 'string' },
  literal: Literal,
): boolean | undefined {
  if (typeof literal !== 'string') return false;
  if (value.includes(literal)) return true;
  return omitted !== undefined || value.includes(REDACTED) ? undefined : false;
}

function anyOf(verdicts: readonly (boolean | undefined)[], isIncomplete: boolean): boolean | undefined {
  if (verdicts.includes(true)) return true;
  return isIncomplete || verdicts.includes(undefined) ? undefined : false;
}
