import { z } from 'zod';
import { NOTICE, notice } from '../evidence/notice.js';
import { SHOWN } from '../limits.js';
import { defineTool, READS_EVIDENCE } from '../tool.js';

export const compareCaptures = defineTool({
  name: 'compare_captures',
  title: 'Compare two captures',
  description:
    'What a second capture has otherwise than a first, by path: a failing call and a good one, before a fix and after it. ' +
    'What either does not show is `unknown`, and never taken to be the same.',
  annotations: READS_EVIDENCE,
  input: z.object({
    from: z.string().min(1).meta({ description: 'The id of a capture.' }),
    to: z.string().min(1).meta({ description: 'The id of the other.' }),
  }),
  output: z.object({
    notice,
    differences: z.array(
      z.object({
        path: z.string(),
        kind: z.enum(['added', 'removed', 'changed', 'unknown']),
        from: z
          .string()
          .meta({ description: 'Quoted where it is a string: `"true"` is no boolean.' })
          .optional(),
        to: z.string().optional(),
        why: z.string().meta({ description: 'Of what is unknown.' }).optional(),
      }),
    ),
    more: z.number().meta({ description: 'Differences that are not shown.' }),
    same: z.number().meta({ description: 'Values that are the same in both.' }),
  }),
  async run({ api }, { from: one, to: other }) {
    const { differences, more, same } = await api.compareCaptures(one, other, SHOWN.differences);
    return {
      notice: NOTICE,
      differences: differences.map(({ from, to, ...difference }) => ({
        ...difference,
        ...(from !== undefined && { from: from.text }),
        ...(to !== undefined && { to: to.text }),
      })),
      more,
      same,
    };
  },
});
