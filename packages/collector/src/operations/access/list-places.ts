import { z } from 'zod';
import { seesPlace } from '../../access/require.js';
import { viewPlace } from '../../access/views.js';
import { placeView } from '../../schemas/access.js';
import { EVERYWHERE } from '../../storage/contract/directory/places.js';
import { defineDirectoryOperation } from '../operation.js';

export const listPlaces = defineDirectoryOperation({
  name: 'listPlaces',
  summary: 'List organisations, projects and environments',
  description: 'Those in which the caller may do something, and those around them.',
  tag: 'access',
  method: 'GET',
  path: '/places',
  permission: 'places:read',
  output: z.object({ places: z.array(placeView) }),
  outputDescription: 'The places by path, each before what is in it.',
  errors: [],
  run: async ({ places: { tree } }, _input, caller) => ({
    places: tree
      .within(EVERYWHERE)
      .filter(({ id }) => seesPlace(caller, tree, id))
      .map(viewPlace),
  }),
});
