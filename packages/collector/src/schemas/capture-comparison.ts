import type { CaptureComparison, ValueGist } from '@dormouse/protocol';
import { z } from 'zod';
import { count, name } from './text.js';

const valueGist = z
  .object({ type: z.string() as unknown as z.ZodType<ValueGist['type']>, text: z.string() })
  .meta({
    id: 'ValueGist',
    description: 'A value on one line: texts are quoted, objects shown by their keys.',
  });

export const captureComparison: z.ZodType<CaptureComparison> = z
  .object({
    from: name,
    to: name,
    differences: z.array(
      z.object({
        path: z.string().meta({ description: '`order.items[0].sku`, as searches write it.' }),
        kind: z.enum(['added', 'removed', 'changed', 'unknown']),
        from: valueGist.exactOptional(),
        to: valueGist.exactOptional(),
        why: z.string().meta({ description: 'Of what is unknown.' }).exactOptional(),
      }),
    ),
    more: count.meta({ description: 'Differences that are not shown.' }),
    same: count.meta({
      description: 'Values that are the same in both. Times, ids and counts are not compared.',
    }),
  })
  .meta({ id: 'CaptureComparison', description: 'What one capture has otherwise than another.' });
