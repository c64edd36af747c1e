import { z } from 'zod';
import { NOTICE, notice } from '../evidence/notice.js';
import { shape, shapeOf } from '../evidence/shape.js';
import { defineTool, READS_EVIDENCE } from '../tool.js';
import { group, limit, paths, probe } from './wanted-evidence.js';

/** Conditions of one search. */
const CONDITIONS = 5;

export const searchCaptures = defineTool({
  name: 'search_captures',
  title: 'Search captures by value',
  description:
    'The newest stored captures of a probe, a debug session or a service whose values meet conditions, or that have a text in them, in short: ' +
    'evidence that was asked for before, by anybody. Says how many captures it looked at, and for how many it could not tell.',
  annotations: READS_EVIDENCE,
  input: z.object({
    probe: probe.optional(),
    service: z.string().min(1).optional(),
    group,
    where: z
      .array(z.string().min(1).max(500))
      .max(CONDITIONS)
      .meta({
        description:
          'All of them hold: `order.total > 100`, `order.id = "x"`, `threw.message contains "timeout"`; `order.discount` where it is ' +
          'there, `!order.discount` where it is not.',
      })
      .optional(),
    text: z
      .string()
      .min(1)
      .max(500)
      .meta({ description: 'Somewhere in a value, name or message.' })
      .optional(),
    traceId: z.string().meta({ description: 'Captures of one request.' }).optional(),
    after: z.string().meta({ description: '`next` of the answer before: look further back.' }).optional(),
    limit,
    paths,
  }),
  output: z.object({
    notice,
    captures: z.array(z.object({ ...shape.shape, probe: z.string() })),
    examined: z.number().meta({ description: 'Captures that were looked at.' }),
    undecided: z.number().meta({
      description: 'Of these, those for which it cannot be told: the value is redacted or was not captured.',
    }),
    complete: z.boolean().meta({ description: 'Whether all that there are were looked at.' }),
    next: z.string().optional(),
  }),
  async run({ api }, { paths: wanted = [], ...query }) {
    const { captures, next, scope } = await api.captures({ ...query, order: 'newest' });
    const { examined, undecided, complete } = scope;
    return {
      notice: NOTICE,
      captures: captures.map((capture) => ({ ...shapeOf(capture, wanted), probe: capture.probe })),
      examined,
      undecided,
      complete,
      ...(next !== undefined && { next }),
    };
  },
});
