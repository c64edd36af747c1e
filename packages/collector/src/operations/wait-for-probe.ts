import { z } from 'zod';
import { LIMITS } from '@dormouse/protocol';
import { waitFor } from '../probes/wait.js';
import { waitView } from '../schemas/probe.js';
import { name } from '../schemas/text.js';
import { defineOperation } from './operation.js';

export const waitForProbe = defineOperation({
  name: 'waitForProbe',
  summary: 'Wait for a probe',
  description:
    'Answers when the probe has so many hits; with `armed`, when a process has armed it; with `answered`, when every connected process ' +
    'that is to have it has armed it or said why not; at the latest when it has ended or the time is over. Ask again to wait longer.',
  tag: 'probes',
  method: 'GET',
  path: '/probes/:id/wait',
  permission: 'probes:read',
  params: z.strictObject({ id: name }),
  query: z.strictObject({
    hits: z.coerce
      .number()
      .int()
      .min(1)
      .meta({ description: 'As `hits` of the probe counts them.' })
      .exactOptional(),
    armed: z.stringbool().meta({ description: 'Until a process has armed it.' }).exactOptional(),
    answered: z
      .stringbool()
      .meta({ description: 'Until all processes that are to have it have said how they stand.' })
      .exactOptional(),
    timeoutMs: z.coerce
      .number()
      .int()
      .min(0)
      .max(LIMITS.waitMs)
      .meta({ description: `At most so long; ${LIMITS.waitMs} without it, which is the most.` })
      .default(LIMITS.waitMs),
  }),
  output: waitView,
  outputDescription: 'Why the wait is over, and the probe.',
  errors: ['NOT_FOUND'],
  run: (core, { params, query: { timeoutMs, ...awaited } }) => waitFor(core, params.id, awaited, timeoutMs),
});
