import { z } from 'zod';
import { requirePlace } from '../../access/require.js';
import { viewPlace } from '../../access/views.js';
import { CollectorError } from '../../collector-error.js';
import { placeName, placePath, placeView } from '../../schemas/access.js';
import { EVERYWHERE } from '../../storage/contract/directory/places.js';
import { defineDirectoryOperation } from '../operation.js';

export const renamePlace = defineDirectoryOperation({
  name: 'renamePlace',
  summary: 'Rename a place',
  description:
    'Everything in it stays as it is, and so do its tokens; who names it has to use the new name at once.',
  tag: 'access',
  method: 'PUT',
  path: '/places',
  permission: 'places:write',
  query: z.strictObject({ place: placePath }),
  body: z.strictObject({ name: placeName.meta({ description: 'Its own, without those around it.' }) }),
  output: placeView,
  outputDescription: 'The place under its new name.',
  errors: ['NOT_FOUND', 'CONFLICT'],
  async run({ directory, places }, { query, body: { name } }, caller) {
    const id = requirePlace(caller, places.tree, query.place, 'places:write');
    const isRenamed = id !== EVERYWHERE && (await directory.places.rename(id, name));
    await places.reload();
    const place = places.tree.find(id);
    if (isRenamed && place !== undefined) return viewPlace(place);
    throw new CollectorError('CONFLICT', `${query.place} cannot be called ${name}: another place is.`, {
      path: 'name',
    });
  },
});
