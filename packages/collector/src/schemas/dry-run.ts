import { LIMITS, type DryRunOutcome, type DryRunRequest, type DryRunView } from '@dormouse/protocol';
import { z } from 'zod';
import { capturedValue } from './captured-value.js';
import { name } from './text.js';

const expression = z.string();

/** The body of `POST /captures/:id/dry-run`. */
export const dryRunRequest = z
  .strictObject({
    condition: expression.exactOptional(),
    expect: expression.exactOptional(),
    watches: z.array(expression).max(LIMITS.watches).exactOptional(),
    template: z
      .string()
      .min(1)
      .meta({ description: 'A log’s text with expressions in braces.' })
      .exactOptional(),
  })
  .refine((fields) => Object.keys(fields).length > 0, 'must have an expression')
  .meta({
    id: 'DryRunRequest',
    description: 'Expressions as a probe at the same place would have them.',
  }) satisfies z.ZodType<DryRunRequest>;

const outcome = z
  .object({
    source: z.string(),
    value: capturedValue.exactOptional(),
    error: z.string().meta({ description: 'Why it would have failed in the process, too.' }).exactOptional(),
    unknown: z
      .object({
        path: z
          .string()
          .meta({ description: 'Of the value that it came to and that the capture does not show.' }),
        reason: z.string().meta({
          description:
            'Why: `redacted`, `absent` (it may be a property of its class), `cut` (what lists keys needs all), what the capture says of it (`depth`, `collectionSize`, …), or a kind of value that is never opened.',
        }),
      })
      .exactOptional(),
  })
  .meta({
    description: 'A value, an error, or what could not be known: one of them.',
  }) satisfies z.ZodType<DryRunOutcome>;

export const dryRunView: z.ZodType<DryRunView> = z
  .object({
    capture: name,
    condition: outcome.exactOptional(),
    expect: outcome.exactOptional(),
    watches: z.array(outcome).exactOptional(),
    message: z
      .string()
      .meta({ description: 'The log’s text; what is not known says so in it.' })
      .exactOptional(),
    template: z.array(outcome).meta({ description: 'The expressions of the text.' }).exactOptional(),
  })
  .meta({ id: 'DryRun', description: 'What expressions come to over the values of a capture.' });
