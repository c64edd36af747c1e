import { otlpSettings } from '../out/otlp/settings.js';
import { otlpView } from '../out/otlp/view.js';
import { defineOperation } from './operation.js';

export const putOtlp = defineOperation({
  name: 'putOtlp',
  summary: 'Send OpenTelemetry somewhere',
  description:
    'From now on evidence is sent there: snapshots, logs and violations as log records, spans, and metrics, each with ' +
    'its captured values. What cannot be sent at once is sent later.',
  tag: 'out',
  method: 'PUT',
  path: '/otlp',
  permission: 'out:write',
  grant: 'values',
  body: otlpSettings,
  output: otlpView,
  outputDescription: 'Where it goes.',
  errors: ['CONFLICT'],
  run: ({ out }, { body }) => out.otlp.set(body),
});
