import { z } from 'zod';
import { requireCapture } from '../captures/require-capture.js';
import { dryRun as run } from '../dry-run/dry-run.js';
import { dryRunRequest, dryRunView } from '../schemas/dry-run.js';
import { name } from '../schemas/text.js';
import { requireValues } from './capture-query.js';
import { defineOperation } from './operation.js';

export const dryRun = defineOperation({
  name: 'dryRun',
  summary: 'Try expressions out on a capture',
  description:
    'What a condition, watches, a check or a log’s text would have come to at that hit. No process is asked. What the capture ' +
    'does not show, because it is redacted, was cut or is not there, is `unknown` with its path, and never taken for absent.',
  tag: 'captures',
  method: 'POST',
  path: '/captures/:id/dry-run',
  permission: 'captures:read',
  params: z.strictObject({ id: name }),
  body: dryRunRequest,
  output: dryRunView,
  outputDescription: 'What each expression comes to.',
  errors: ['NOT_FOUND', 'SYNTAX_ERROR', 'UNSUPPORTED_SYNTAX', 'UNKNOWN_VARIABLE', 'REDACTED_NAME'],
  async run({ storage, policies }, { params, body }, caller) {
    const capture = await requireCapture(storage, params.id);
    requireValues(caller, capture.service);
    return run(capture, body, policies.placingIn(capture.service).redaction);
  },
});
