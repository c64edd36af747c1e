import { z } from 'zod';
import { lossOf } from '../../access/loss.js';
import { requirePlace } from '../../access/require.js';
import { CollectorError } from '../../collector-error.js';
import { placePath } from '../../schemas/access.js';
import { EVERYWHERE } from '../../storage/contract/directory/places.js';
import { defineDirectoryOperation } from '../operation.js';

export const deletePlace = defineDirectoryOperation({
  name: 'deletePlace',
  summary: 'Delete a place with all that is in it',
  description:
    'Its environments with their services, probes, captures and policies, its tokens, and what anybody may do there. There is no ' +
    'way back. Without `confirm` it says what would be lost, and does nothing.',
  tag: 'access',
  method: 'DELETE',
  path: '/places',
  permission: 'places:write',
  query: z.strictObject({
    place: placePath,
    confirm: placePath.meta({ description: 'The same path again.' }).exactOptional(),
  }),
  output: z.object({ deleted: z.array(placePath) }),
  outputDescription: 'What is gone.',
  errors: ['NOT_FOUND', 'CONFLICT'],
  async run({ directory, places, environments }, { query: { place: path, confirm } }, caller) {
    const { tree } = places;
    const id = requirePlace(caller, tree, path, 'places:write');
    const doomed = tree.within(id);
    if (id === EVERYWHERE || confirm !== path) {
      const loss = await lossOf(doomed, directory, environments);
      throw new CollectorError('CONFLICT', `${loss} Say so with confirm=${path}.`, { path: 'confirm' });
    }
    const isolated = tree.environments(id).map((environment) => environment.id);
    await directory.places.delete(
      doomed.map((place) => place.id),
      isolated,
    );
    await places.reload();
    for (const environment of isolated) await environments.close(environment);
    return { deleted: doomed.map((place) => place.path) };
  },
});
