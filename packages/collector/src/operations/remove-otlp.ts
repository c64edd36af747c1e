import { otlpView } from '../out/otlp/view.js';
import { defineOperation } from './operation.js';

export const removeOtlp = defineOperation({
  name: 'removeOtlp',
  summary: 'Send no OpenTelemetry',
  description: 'Nothing is sent any more; what waited is not sent either.',
  tag: 'out',
  method: 'DELETE',
  path: '/otlp',
  permission: 'out:write',
  output: otlpView,
  outputDescription: 'Where it goes: nowhere.',
  errors: ['CONFLICT'],
  run: ({ out }) => out.otlp.remove(),
});
