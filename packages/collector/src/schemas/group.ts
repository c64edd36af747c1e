import type { GroupRequest, GroupView } from '@dormouse/protocol';
import { z } from 'zod';
import { count, name, time } from './text.js';

/** The body of `POST /groups`. */
export const groupRequest = z
  .strictObject({
    name: name.meta({ description: 'What it is about, for people: `incident 4711`.' }),
    expiresInMs: z
      .int()
      .min(1)
      .meta({ description: 'Life of the group and its probes, ms; an hour without it.' })
      .exactOptional(),
    owner: name.exactOptional(),
  })
  .meta({ id: 'GroupRequest' }) satisfies z.ZodType<GroupRequest>;

export const groupView: z.ZodType<GroupView> = z
  .object({
    id: name,
    name,
    owner: name.exactOptional(),
    createdAt: time,
    expiresAt: time,
    state: z.enum(['active', 'ended']),
    endCause: z.enum(['removed', 'expired']).exactOptional(),
    endedAt: time.exactOptional(),
    probes: z.array(name).meta({ description: 'All of its probes, newest first.' }),
    active: count.meta({ description: 'Those of them that have not ended.' }),
    hits: count.meta({ description: 'Of all its probes.' }),
  })
  .meta({ id: 'Group', description: 'A debug session: probes that live and end together.' });
