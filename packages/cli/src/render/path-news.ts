import type { CapturedPath, CapturedProperty, CapturedValue, ObjectValue } from '@dormouse/protocol';

import { inlineValue } from './inline-value.js';
import { escapeUnsafe } from './text.js';

/**
 * What each step of a path says of its variables, each on a line of any length: `amount = 12500`. An object that a call has
 * shown before is told by what is different in it: `order.status = "open"`.
 */
export function pathNews({ steps }: CapturedPath): string[][] {
  const shown = new Map<string, CapturedValue>();
  return steps.map(({ call, changed = [] }) =>
    changed.flatMap(({ key, value }) => {
      const name = `${call} ${key}`;
      const before = shown.get(name);
      shown.set(name, value);
      return differences(key, before, value) ?? [assignment(key, value)];
    }),
  );
}

const assignment = (name: string, value: CapturedValue): string =>
  `${escapeUnsafe(name)} = ${inlineValue(value)}`;

/** Undefined where the whole says more. */
function differences(
  name: string,
  before: CapturedValue | undefined,
  value: CapturedValue,
): string[] | undefined {
  if (before?.type !== 'object' || value.type !== 'object' || before.class !== value.class) return undefined;
  const texts = [
    ...value.properties
      .filter((property) => !isShownBy(before, property))
      .map((property) => assignment(`${name}.${property.key}`, property.value)),
    ...before.properties
      .filter(({ key }) => !value.properties.some((property) => property.key === key))
      .map(({ key }) => `${escapeUnsafe(`${name}.${key}`)} deleted`),
  ];
  return texts.length > 0 && texts.length < value.properties.length ? texts : undefined;
}

function isShownBy({ properties }: ObjectValue, { key, value }: CapturedProperty): boolean {
  const same = properties.find((property) => property.key === key);
  return same !== undefined && JSON.stringify(same.value) === JSON.stringify(value);
}
