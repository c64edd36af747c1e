import type { CaptureView } from '@dormouse/protocol';
import { z } from 'zod';
import type { Caller } from '../auth/caller.js';
import { differencesBetween } from '../captures/differences.js';
import { requireCapture } from '../captures/require-capture.js';
import { CollectorError } from '../collector-error.js';
import { captureComparison } from '../schemas/capture-comparison.js';
import { name } from '../schemas/text.js';
import { requireValues } from './capture-query.js';
import { defineOperation } from './operation.js';
import { pageSize } from './parameters.js';

export const compareCaptures = defineOperation({
  name: 'compareCaptures',
  summary: 'Compare two captures',
  description:
    'What another capture has otherwise: values that were added, removed or changed, by their paths, and where stacks and ' +
    'recorded steps part. What one of them does not show, because it is redacted or was not captured, is `unknown`, and ' +
    'never taken to be the same.',
  tag: 'captures',
  method: 'GET',
  path: '/captures/:id/differences',
  permission: 'captures:read',
  params: z.strictObject({ id: name }),
  query: z.strictObject({
    to: name.meta({ description: 'The other capture.' }),
    limit: pageSize(200, 5_000),
  }),
  output: captureComparison,
  outputDescription: 'The differences, from the one in the path to the other.',
  errors: ['NOT_FOUND'],
  async run({ storage }, { params, query }, caller) {
    const from = await requireCapture(storage, params.id);
    const to = requireSeen(await requireCapture(storage, query.to), caller);
    for (const { service } of [from, to]) requireValues(caller, service);
    const { differences, same } = differencesBetween(from, to);
    return {
      from: from.id,
      to: to.id,
      differences: differences.slice(0, query.limit),
      more: Math.max(0, differences.length - query.limit),
      same,
    };
  },
});

/** The other one may be of a service that is none of the caller's. */
function requireSeen(capture: CaptureView, caller: Caller): CaptureView {
  if (caller.may('captures:read', { service: capture.service })) return capture;
  throw new CollectorError('NOT_FOUND', `There is no capture ${capture.id} that you may see.`, {
    path: 'to',
  });
}
