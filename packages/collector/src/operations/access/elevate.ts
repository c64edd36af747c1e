import { randomUUID } from 'node:crypto';
import { DEFAULT_GRANTS } from '@dormouse/protocol';
import { z } from 'zod';
import { viewElevation } from '../../access/views.js';
import type { Binding } from '../../auth/binding.js';
import { elevatedBy } from '../../auth/elevation.js';
import type { Grant } from '../../auth/permissions.js';
import { CollectorError } from '../../collector-error.js';
import { chooseEnvironment } from '../../environments/choose.js';
import { elevationView, grants, placePath, role } from '../../schemas/access.js';
import { defineDirectoryOperation } from '../operation.js';

/** An incident may take a working day. */
const MAX_DURATION_MS = 8 * 3_600_000;
const DURATION_MS = 3_600_000;

export const elevate = defineDirectoryOperation({
  name: 'elevate',
  summary: 'Ask for more rights for a time',
  description:
    'As far as a binding of the caller allows it, in one environment, with a reason that others will read. It ends by itself. ' +
    'Who may do what cannot be changed with it.',
  tag: 'access',
  method: 'POST',
  path: '/elevations',
  permission: 'profile:read',
  body: z.strictObject({
    environment: placePath
      .meta({ description: 'Without it: the only one that the caller sees.' })
      .exactOptional(),
    role,
    grants: grants
      .meta({ description: 'Without it those of the role, as far as they are allowed.' })
      .exactOptional(),
    reason: z.string().trim().min(5).max(500),
    durationMs: z
      .int()
      .min(60_000)
      .max(MAX_DURATION_MS)
      .meta({ description: `Without it ${DURATION_MS}, an hour.` })
      .default(DURATION_MS),
  }),
  output: elevationView,
  outputDescription: 'The elevation, which holds from the next request on.',
  status: 201,
  errors: ['NOT_FOUND'],
  async run({ directory, places: { tree } }, { body }, caller) {
    const { kind, id, bindings, owner } = caller;
    const environment = chooseEnvironment(caller, tree, body.environment).id;
    const lasting = bindings.filter(({ isTemporary }) => !isTemporary);
    const grants = body.grants ?? DEFAULT_GRANTS[body.role].filter((grant) => isPermitted(grant, lasting));
    const rights = { role: body.role, grants };
    if (owner !== undefined || elevatedBy({ environment, ...rights }, lasting, tree).length === 0) {
      throw new CollectorError(
        'FORBIDDEN',
        `No binding of ${caller.name} allows to be elevated to ${[rights.role, ...rights.grants].join(', ')} in ${tree.pathOf(environment)}.`,
      );
    }
    const startedAt = Date.now();
    const elevation = {
      id: `e_${randomUUID()}`,
      subject: { kind, id },
      environment,
      ...rights,
      reason: body.reason,
      startedAt,
      endsAt: startedAt + body.durationMs,
    };
    await directory.elevations.insert(elevation);
    return viewElevation(elevation, tree);
  },
});

const isPermitted = (grant: Grant, bindings: readonly Binding[]): boolean =>
  bindings.some(({ grants: own, elevation }) => own.includes(grant) || elevation?.grants.includes(grant));
