import { z } from 'zod';
import { PATH_LIMITS, type CapturedPath } from '@dormouse/protocol';
import { ANY_VALUES, WHOLE_VALUES, type ValueSchemas } from './captured-value.js';
import { branchArm } from './manifest.js';
import { count, longName } from './text.js';

const end = z.enum(['returned', 'threw', 'ended']);
const us = z.number().min(0).meta({ description: 'Since the recorded call began, µs.' });

/** A recorded call, line by line. */
export const capturedPath = pathOf(WHOLE_VALUES).meta({
  id: 'Path',
  description: 'One call, line by line: statements that were about to run, in order.',
}) satisfies z.ZodType<CapturedPath>;

/** The same, but for its values. */
export const pathOutline = pathOf(ANY_VALUES);

function pathOf({ value, property }: ValueSchemas) {
  return z.object({
    functions: z.array(z.object({ name: longName, source: longName })).max(1 + PATH_LIMITS.includes),
    calls: z
      .array(
        z.object({
          function: count.meta({ description: 'Index into `functions`.' }),
          depth: count.meta({ description: 'Calls of the recording around it: 0 is the recorded call.' }),
          ended: end.exactOptional(),
          us: us.exactOptional(),
          returned: value.exactOptional(),
          threw: value.exactOptional(),
        }),
      )
      .max(1 + PATH_LIMITS.maxSteps),
    steps: z
      .array(
        z.object({
          call: count.meta({ description: 'Index into `calls`.' }),
          line: count,
          column: count,
          us,
          arm: z
            .enum([...branchArm.options, 'none'])
            .meta({ description: 'Of a branching statement: which of its arms ran then.' })
            .exactOptional(),
          enters: branchArm
            .meta({ description: 'The step is the first of a `catch`, a `finally`, or the next `case`.' })
            .exactOptional(),
          changed: z
            .array(property)
            .meta({ description: 'Variables with a first value, or another than at the call’s step before.' })
            .exactOptional(),
        }),
      )
      .max(PATH_LIMITS.maxSteps),
    omitted: z
      .object({ before: count, count })
      .meta({ description: 'Steps left out, in front of the step with the index `before`.' })
      .exactOptional(),
    ended: z.enum([...end.options, 'reached']),
  });
}
