import { z } from 'zod';
import { concerns } from '../../access/concerns.js';
import { viewElevation } from '../../access/views.js';
import { CollectorError } from '../../collector-error.js';
import { elevationView } from '../../schemas/access.js';
import { name } from '../../schemas/text.js';
import { defineDirectoryOperation } from '../operation.js';

export const endElevation = defineDirectoryOperation({
  name: 'endElevation',
  summary: 'End an elevation early',
  description: 'One’s own, or any in an environment whose access the caller may change.',
  tag: 'access',
  method: 'DELETE',
  path: '/elevations/:id',
  permission: 'profile:read',
  params: z.strictObject({ id: name }),
  output: elevationView,
  outputDescription: 'The elevation as it ended.',
  errors: ['NOT_FOUND'],
  async run({ directory, places: { tree } }, { params: { id } }, caller) {
    const now = Date.now();
    const elevation = (await directory.elevations.active(now)).find((one) => one.id === id);
    if (elevation === undefined || !concerns(caller, elevation, 'access:write')) {
      throw new CollectorError('NOT_FOUND', `There is no elevation ${id} that you may end.`);
    }
    await directory.elevations.end(id, now);
    return viewElevation({ ...elevation, endsAt: now }, tree);
  },
});
