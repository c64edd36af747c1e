import { z } from 'zod';
import { cursor } from '../schemas/capture.js';
import { name } from '../schemas/text.js';

/** Parameters that several operations share. */

export const serviceFilter = name.meta({ description: 'Of this service only.' }).exactOptional();

export const policyScope = name.meta({ description: 'Without it: of everything.' }).exactOptional();

export const probeFilter = name.meta({ description: 'Of this probe only.' }).exactOptional();

export const groupFilter = name.meta({ description: 'Of the probes of this group only.' }).exactOptional();

const tag = z.string().regex(/^[^=]+=/u, 'must be NAME=VALUE');

/** `tag=region=eu`, also more than once: an object of them all. */
export const tagFilter = z
  .union([tag, z.array(tag).max(64)])
  .meta({ description: 'With this tag, `NAME=VALUE`; given several times, with all of them.' })
  .transform((tags) =>
    Object.fromEntries(
      [tags].flat().map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]),
    ),
  )
  .exactOptional();

export const after = cursor
  .meta({ description: 'A cursor: only what arrived later. `0` is the beginning.' })
  .exactOptional();

/** The same where the order may be reversed. */
export const beyond = cursor
  .meta({ description: 'A cursor: only what comes after it in the order asked for.' })
  .exactOptional();

/** Answers are paged. */
export function pageSize(standard: number, most: number): z.ZodDefault<z.ZodCoercedNumber> {
  return z.coerce
    .number()
    .int()
    .min(1)
    .max(most)
    .meta({ description: `At most so many; ${standard} without it.` })
    .default(standard);
}
