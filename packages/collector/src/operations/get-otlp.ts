import { otlpView } from '../out/otlp/view.js';
import { defineOperation } from './operation.js';

export const getOtlp = defineOperation({
  name: 'getOtlp',
  summary: 'See where OpenTelemetry goes',
  description:
    'Where evidence is sent as OpenTelemetry, how much has been, and what keeps it from being sent.',
  tag: 'out',
  method: 'GET',
  path: '/otlp',
  permission: 'out:read',
  output: otlpView,
  outputDescription: 'Without the values of its headers.',
  errors: [],
  run: ({ out }) => out.otlp.view(),
});
