import { z } from 'zod';
import { retentionView } from '../schemas/retention.js';
import type { Retention } from '../storage/contract/retention.js';
import { defineOperation } from './operation.js';

export const getRetention = defineOperation({
  name: 'getRetention',
  summary: 'Say what is kept',
  description:
    'How much evidence there is and since when, and what is deleted: of captures the oldest beyond a number or a size, and ' +
    'whatever is too old. It is deleted once a minute.',
  tag: 'captures',
  method: 'GET',
  path: '/retention',
  permission: 'captures:read',
  query: z.strictObject({}),
  output: retentionView,
  outputDescription: 'What is kept, and its limits.',
  errors: [],
  async run({ storage, retention }) {
    return { ...(await storage.captures.kept()), limits: limitsOf(retention) };
  },
});

/** Without those that are none. */
function limitsOf({ days, captures, windows, bytes }: Retention): z.output<typeof retentionView>['limits'] {
  const finite = Object.entries({ captures, windows, bytes }).filter(([, limit]) => Number.isFinite(limit));
  return { ...Object.fromEntries(finite), days };
}
