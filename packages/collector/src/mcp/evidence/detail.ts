import type { CapturedProperty, CapturedValue } from '@dormouse/protocol';
import { z } from 'zod';
import { SHOWN } from '../limits.js';
import { describe } from '../../captures/describe.js';
import type { Found } from '../../captures/value-path.js';

/** A value that was asked for: itself, and its members in short. */
export const detail = z.object({
  type: z.string().meta({ description: '`string`, `boolean`, `object`, …; `missing` where there is none.' }),
  value: z.string().meta({ description: 'In short; strings are quoted, so `"true"` is no boolean.' }),
  members: z
    .record(z.string(), z.string())
    .meta({ description: 'Each in short. Ask for their paths to see more.' })
    .optional(),
});

export type Detail = z.output<typeof detail>;

export function detailOf(found: Found): Detail {
  if ('missing' in found) return { type: 'missing', value: found.missing };
  const { value } = found;
  const members = membersOf(value);
  return {
    type: value.type,
    value: describe(value, SHOWN.valueLength),
    ...(members.length > 0 && {
      members: Object.fromEntries(
        members.slice(0, SHOWN.members).map(({ key, value: member }) => [key, describe(member)]),
      ),
    }),
  };
}

function membersOf(value: CapturedValue): readonly CapturedProperty[] {
  switch (value.type) {
    case 'object':
    case 'error':
      return value.properties;
    case 'array':
    case 'set':
      return value.items.map((item, index) => ({ key: String(index), value: item }));
    case 'map':
      return value.entries.map(([key, item]) => ({ key: describe(key), value: item }));
    default:
      return [];
  }
}
