import type { CapturedProperty, CapturedValue, Omission } from '@dormouse/protocol';
import { ABSENT, ACCESSOR, intrinsics, ownKeys, readOwn } from '@dormouse/expression/inspect';
import { isRedactedName } from '../redact/names.js';
import type { Walker } from './kind.js';
import { showKey } from './keys.js';

const { min, uncurry } = intrinsics;

const isEnumerable = uncurry(Object.prototype.propertyIsEnumerable);

interface WithProperties {
  properties: CapturedProperty[];
  omitted?: Omission;
}

/** Listing as many keys takes some ten microseconds: worth a look at the clock. */
const MANY = 200;

/**
 * The own enumerable properties of an object, those with symbols for keys included.
 * @param isShownElsewhere names to leave out
 */
export function captureProperties(
  object: object,
  draft: WithProperties,
  walker: Walker,
  level: number,
  isShownElsewhere: (name: string) => boolean = () => false,
): void {
  const { limits, budget } = walker;
  const { names, symbols, complete } = ownKeys(object, limits.fields, budget.startedAt);
  const total = names.length + symbols.length;
  if (total > MANY) budget.lookAtClock();
  const most = min(total, limits.fields);
  const { properties } = draft;
  for (let index = 0; index < most; index++) {
    if (budget.exhausted) {
      draft.omitted = complete ? walker.omit(budget.exhausted, total - index) : walker.omit(budget.exhausted);
      return;
    }
    const key = index < names.length ? names[index]! : symbols[index - names.length]!;
    if (typeof key === 'string' ? isShownElsewhere(key) : !isEnumerable(object, key)) continue;
    properties[properties.length] = captureProperty(object, key, walker, level);
  }
  if (!complete) draft.omitted = walker.omit('fieldCount');
  else if (most < total) draft.omitted = walker.omit('fieldCount', total - most);
}

function captureProperty(
  object: object,
  key: string | symbol,
  walker: Walker,
  level: number,
): CapturedProperty {
  const { text, isSecret } = showKey(key);
  walker.budget.spendKey(text);
  const isHidden = isSecret || (key === 'value' && isNamedSecret(object));
  return { key: text, value: isHidden ? walker.count(REDACTED) : captureOwn(object, key, walker, level) };
}

export const REDACTED: CapturedValue = { type: 'redacted', rule: 'name' };

function captureOwn(object: object, key: string | symbol, walker: Walker, level: number): CapturedValue {
  const value = readOwn(object, key);
  return value === ACCESSOR || value === ABSENT
    ? walker.count({ type: 'accessor' })
    : walker.look(value, level + 1);
}

/** `{ name: 'password', value: … }` and `{ key: 'password', value: … }`. */
const isNamedSecret = (object: object): boolean =>
  isSecretName(readOwn(object, 'name')) || isSecretName(readOwn(object, 'key'));

export const isSecretName = (name: unknown): boolean => typeof name === 'string' && isRedactedName(name);
