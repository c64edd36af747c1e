import { z } from 'zod';
import { callEvent, logLevel, probeKind } from '../../schemas/probe.js';
import { MCP_LIMITS } from '../limits.js';
import { session } from './session.js';

const expression = (description: string): z.ZodOptional<z.ZodString> =>
  z.string().min(1).meta({ description }).optional();

export const hits = z
  .int()
  .min(1)
  .max(MCP_LIMITS.maxHits)
  .meta({
    description: 'It ends after so many captures. Default: snapshot 3, path 2, check, tag 10, log, span 50.',
  })
  .optional();

export const expiresInS = z
  .int()
  .min(10)
  .max(MCP_LIMITS.maxExpiresInS)
  .meta({ description: 'It ends after so many seconds, whatever happens.' })
  .default(MCP_LIMITS.expiresInS);

/** All kinds in one flat object: many clients take no union. */
export const probeInput = z.object({
  kind: probeKind.meta({
    description:
      'snapshot: variables and stack at a place. path: one call line by line, which branches it took. log: a line of text per hit. ' +
      'check: whether `expect` holds at every hit. counter, gauge, histogram: how often, and the numbers of `value`. ' +
      'duration: how long calls take. tictoc: how long from one line to another. span: calls as spans of traces. ' +
      'tag: attributes on the active span.',
  }),
  service: z.string(),
  file: z.string().min(1).meta({ description: 'Original source, or any unambiguous end of its path.' }),
  line: z
    .int()
    .min(1)
    .meta({ description: 'For `on: line`: the statement before which it looks.' })
    .optional(),
  lineText: z
    .string()
    .min(1)
    .meta({
      description:
        'Instead of, or near, `line`: the whole text of the line, if the build may differ from your source.',
    })
    .optional(),
  function: z
    .string()
    .min(1)
    .meta({ description: 'For calls (duration, path, span, `on` other than line), instead of a line.' })
    .optional(),
  on: z
    .enum(['line', ...callEvent.options])
    .meta({ description: 'What it waits for. Default: line, or end for duration, path and span.' })
    .optional(),
  condition: expression(
    'Only hits for which this is true. A read-only JavaScript expression over the variables in scope; at the end of calls ' +
      'also $return, $error and $duration (ms). Narrow it: `order.amount > 10000`.',
  ),
  watches: z
    .array(z.string().min(1))
    .max(10)
    .meta({
      description: 'snapshot, check: expressions to show besides the variables: `typeof order.highValue`.',
    })
    .optional(),
  callers: z
    .int()
    .min(0)
    .max(10)
    .meta({ description: 'snapshot: show the variables of so many callers too, from the second capture on.' })
    .optional(),
  template: expression('log: `order {order.id} costs {total}`.'),
  level: logLevel.meta({ description: 'log.' }).optional(),
  expect: expression('check: what should always hold: `typeof order.highValue === "boolean"`.'),
  afterHits: z
    .int()
    .min(1)
    .meta({ description: 'check: decide after so many hits of a process.' })
    .optional(),
  afterS: z.int().min(1).meta({ description: 'check: decide after so many seconds.' }).optional(),
  value: expression('gauge, histogram: the number.'),
  by: expression('Metrics: a series for each value of this: `typeof order.highValue`.'),
  untilLine: z
    .int()
    .min(1)
    .meta({ description: 'tictoc: where the time ends. span, path: where it ends before the call does.' })
    .optional(),
  untilFile: z.string().min(1).meta({ description: 'If it is another file.' }).optional(),
  within: z.enum(['call', 'request']).meta({ description: 'tictoc: what both lines belong to.' }).optional(),
  includes: z
    .array(z.object({ file: z.string().min(1), function: z.string().min(1) }))
    .max(10)
    .meta({ description: 'path: functions to follow too.' })
    .optional(),
  name: z.string().min(1).meta({ description: 'span: its name.' }).optional(),
  attributes: z
    .record(z.string(), z.string())
    .meta({ description: 'span, tag: by name, each an expression.' })
    .optional(),
  hits,
  expiresInS,
  group: session,
  version: z.string().min(1).meta({ description: 'Only processes of this version.' }).optional(),
  instance: z.string().min(1).meta({ description: 'Only this process.' }).optional(),
  context: z
    .record(z.string(), z.string())
    .meta({ description: 'Only requests with these attributes, `traceId` for example.' })
    .optional(),
});

export type ProbeInput = z.output<typeof probeInput>;
