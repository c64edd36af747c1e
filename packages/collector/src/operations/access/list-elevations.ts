import { z } from 'zod';
import { concerns } from '../../access/concerns.js';
import { viewElevation } from '../../access/views.js';
import { elevationView } from '../../schemas/access.js';
import { defineDirectoryOperation } from '../operation.js';

export const listElevations = defineDirectoryOperation({
  name: 'listElevations',
  summary: 'List who has more rights for a time',
  description: 'The caller’s own, and those in environments whose access the caller may see.',
  tag: 'access',
  method: 'GET',
  path: '/elevations',
  permission: 'profile:read',
  output: z.object({ elevations: z.array(elevationView) }),
  outputDescription: 'Those that hold now, the first one first.',
  errors: [],
  async run({ directory, places: { tree } }, _input, caller) {
    const elevations = await directory.elevations.active(Date.now());
    return {
      elevations: elevations
        .filter((elevation) => concerns(caller, elevation, 'access:read'))
        .map((elevation) => viewElevation(elevation, tree)),
    };
  },
});
