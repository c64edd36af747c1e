import type { OtlpView } from '@dormouse/protocol';
import { z } from 'zod';
import { count, text, time } from '../../schemas/text.js';
import { otlpSignal } from './settings.js';

const outletFailure = z.object({
  since: time,
  at: time.meta({ description: 'Of the last attempt.' }),
  message: text,
});

/** Where OpenTelemetry goes, and what became of it. */
export const otlpView: z.ZodType<OtlpView> = z
  .object({
    by: z.enum(['environment', 'settings', 'nobody']).meta({
      description: '`environment`: the variables OTEL_EXPORTER_OTLP_… of the process say where it goes.',
    }),
    endpoint: z.string().exactOptional(),
    headers: z.array(z.string()).meta({ description: 'Their names.' }).exactOptional(),
    compression: z.enum(['none', 'gzip']).exactOptional(),
    signals: z.array(
      z.object({
        signal: otlpSignal,
        sent: count.meta({ description: 'Log records, spans or data points that the receiver took.' }),
        refused: count.meta({ description: 'What it refused for good.' }),
        skipped: count.meta({ description: 'Events that waited for too long, at most so many.' }),
        behind: count.meta({ description: 'Events that are still to be looked at, at most so many.' }),
        failure: outletFailure
          .meta({ description: 'Since when, and why, nothing goes out. It is tried again.' })
          .exactOptional(),
      }),
    ),
  })
  .meta({ id: 'Otlp', description: 'Where OpenTelemetry goes, and what became of it.' });
