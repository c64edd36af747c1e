import { OTLP_SIGNALS } from '@dormouse/protocol';
import { z } from 'zod';

export const otlpSignal = z.enum(OTLP_SIGNALS);

const header = z
  .string()
  .max(8_192)
  .regex(/^[\t\x20-\x7e]*$/, 'must be visible ASCII');

/** Where OpenTelemetry goes, as somebody has asked for it. */
export const otlpSettings = z
  .strictObject({
    endpoint: z
      .url({ protocol: /^https?$/ })
      .max(2_048)
      .refine((url) => !URL.parse(url)?.username, 'must have no user in it: use a header')
      .meta({
        description:
          'An OTLP receiver that takes HTTP with protobuf: `https://otlp.example.com:4318`. `/v1/logs`, `/v1/traces` and `/v1/metrics` are added to it.',
      }),
    headers: z
      .record(z.string().regex(/^[!#$%&'*+.^_`|~\w-]{1,256}$/, 'must be the name of a header'), header)
      .meta({ description: 'Sent with everything; their values are not shown again.' })
      .default({}),
    compression: z.enum(['none', 'gzip']).default('gzip'),
    signals: z
      .array(otlpSignal)
      .min(1)
      .meta({ description: 'What is sent. Default: all.' })
      .default([...OTLP_SIGNALS]),
  })
  .meta({ id: 'OtlpSettings', description: 'Where OpenTelemetry goes.' });

export type OtlpSettings = z.output<typeof otlpSettings>;
