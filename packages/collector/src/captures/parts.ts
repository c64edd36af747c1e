import type { CapturedValue } from '@dormouse/protocol';

/** Every value directly inside a value. */
export function partsOf(value: CapturedValue): readonly CapturedValue[] {
  switch (value.type) {
    case 'object':
      return value.properties.map((property) => property.value);
    case 'error':
      return [
        ...(value.cause === undefined ? [] : [value.cause]),
        ...value.properties.map((property) => property.value),
      ];
    case 'array':
    case 'set':
      return value.items;
    case 'map':
      return value.entries.flat();
    default:
      return [];
  }
}
