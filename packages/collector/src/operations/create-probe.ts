import { probeRequest, probeView } from '../schemas/probe.js';
import { defineOperation } from './operation.js';

export const createProbe = defineOperation({
  name: 'createProbe',
  summary: 'Place a probe',
  description:
    'Checks the place, the expressions and the limits against the builds of the service, and tells every ' +
    'matching process to arm it: those connected now, and those that connect while it is active.',
  tag: 'probes',
  method: 'POST',
  path: '/probes',
  permission: 'probes:write',
  body: probeRequest,
  output: probeView,
  outputDescription: 'The probe as it was resolved.',
  status: 201,
  errors: [
    'NOT_FOUND',
    'ENDED',
    'UNKNOWN_SERVICE',
    'UNKNOWN_BUILD',
    'UNKNOWN_FILE',
    'AMBIGUOUS_FILE',
    'NO_CODE_AT_LINE',
    'AMBIGUOUS_LINE',
    'UNKNOWN_FUNCTION',
    'AMBIGUOUS_FUNCTION',
    'CALLS_NOT_SEEN',
    'SYNTAX_ERROR',
    'UNSUPPORTED_SYNTAX',
    'UNKNOWN_VARIABLE',
    'REDACTED_NAME',
    'DENIED',
    'SWITCHED_OFF',
    'LIMIT_EXCEEDED',
  ],
  run: ({ probes }, { body }, caller) => probes.create(body, caller),
});
