import { INCLUDE_LIST_RULE, type CapturedValue } from '@dormouse/protocol';
import type { Draft } from '../capture/kind.js';

/**
 * Hides in a captured value what has no name on the list, where only names on a list show their values. A property
 * has its own name, an element the name of its list. What kind of thing everything is, and what its properties are
 * called, stays. The value is changed in place, because other parts of the capture may come to refer to it.
 * @param isListed whether the value has a name on the list
 * @returns the value, or what stands for it
 */
export function hideUnlisted(
  value: CapturedValue,
  isListed: boolean,
  isShown: (name: string) => boolean,
): CapturedValue {
  switch (value.type) {
    case 'object':
      hideProperties(value as Draft<typeof value>, isShown);
      return value;
    case 'array':
    case 'set':
      hideItems(value as Draft<typeof value>, isListed, isShown);
      return value;
    case 'map':
      hideEntries(value as Draft<typeof value>, isListed, isShown);
      return value;
    case 'error':
      hideError(value as Draft<typeof value>, isListed, isShown);
      return value;
    case 'function':
    case 'proxy':
    case 'promise':
    case 'weakmap':
    case 'weakset':
    case 'weakref':
    case 'accessor':
    case 'reference':
    case 'redacted':
    case 'omitted':
      return value;
    default:
      return isListed ? value : HIDDEN;
  }
}

const HIDDEN: CapturedValue = { type: 'redacted', rule: INCLUDE_LIST_RULE };

type IsShown = (name: string) => boolean;
type Of<Type extends CapturedValue['type']> = Draft<Extract<CapturedValue, { readonly type: Type }>>;

function hideProperties({ properties }: Pick<Of<'object'>, 'properties'>, isShown: IsShown): void {
  for (let index = 0; index < properties.length; index++) {
    const { key, value } = properties[index]!;
    properties[index] = { key, value: hideUnlisted(value, isShown(key), isShown) };
  }
}

function hideItems({ items }: Of<'array'> | Of<'set'>, isListed: boolean, isShown: IsShown): void {
  for (let index = 0; index < items.length; index++)
    items[index] = hideUnlisted(items[index]!, isListed, isShown);
}

/** A Map's key is the name of its value, and data besides. */
function hideEntries({ entries }: Of<'map'>, isListed: boolean, isShown: IsShown): void {
  for (let index = 0; index < entries.length; index++) {
    const key = entries[index]![0];
    const isKeyListed = key.type === 'string' ? isShown(key.value) : isListed;
    entries[index] = [
      hideUnlisted(key, isKeyListed, isShown),
      hideUnlisted(entries[index]![1], isKeyListed, isShown),
    ];
  }
}

function hideError(error: Of<'error'>, isListed: boolean, isShown: IsShown): void {
  if (!isListed && !isShown('message')) {
    error.message = `[redacted:${INCLUDE_LIST_RULE}]`;
    delete error.stack;
  }
  if (error.cause) error.cause = hideUnlisted(error.cause, isListed, isShown);
  hideProperties(error, isShown);
}
