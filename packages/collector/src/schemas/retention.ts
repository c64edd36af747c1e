import type { KeptView, RetentionView } from '@dormouse/protocol';
import { z } from 'zod';
import { count, time } from './text.js';

const kept: z.ZodType<KeptView> = z
  .object({
    count,
    bytes: count,
    oldest: time.meta({ description: 'When the oldest arrived.' }).exactOptional(),
  })
  .meta({ id: 'Kept', description: 'How much of something there is.' });

export const retentionView: z.ZodType<RetentionView> = z
  .object({
    captures: kept.meta({ description: 'Captures of hits.' }),
    windows: kept.meta({ description: 'Windows of metrics.' }),
    limits: z
      .object({
        captures: count.exactOptional(),
        windows: count.exactOptional(),
        bytes: count.meta({ description: 'Of captures of hits.' }).exactOptional(),
        days: z.number().min(0),
      })
      .meta({ description: 'What is deleted beyond; what is missing has no limit.' }),
  })
  .meta({ id: 'Retention', description: 'What evidence is kept, and for how long.' });
