import { EVERYWHERE_PATH, PLACE_KINDS } from '@dormouse/protocol';
import { z } from 'zod';
import { requirePlace } from '../../access/require.js';
import { viewPlace } from '../../access/views.js';
import { CollectorError } from '../../collector-error.js';
import { placeName, placePath, placeView } from '../../schemas/access.js';
import { defineDirectoryOperation } from '../operation.js';

export const createPlace = defineDirectoryOperation({
  name: 'createPlace',
  summary: 'Make an organisation, a project or an environment',
  description:
    'What it is in has to be there. An environment is isolated from all others: it has services, probes and captures of its own.',
  tag: 'access',
  method: 'POST',
  path: '/places',
  permission: 'places:write',
  body: z.strictObject({ place: placePath }),
  output: placeView,
  outputDescription: 'The new place.',
  status: 201,
  errors: ['CONFLICT'],
  async run({ directory, places }, { body: { place: path } }, caller) {
    const names = path.split('/');
    const name = placeName.safeParse(names.at(-1));
    if (names.length > PLACE_KINDS.length || !name.success) {
      throw new CollectorError(
        'INVALID_REQUEST',
        name.error?.issues[0]?.message ??
          'A place has at most three names: organisation/project/environment.',
        { path: 'place' },
      );
    }
    const around = names.slice(0, -1).join('/') || EVERYWHERE_PATH;
    const parent = requirePlace(caller, places.tree, around, 'places:write');
    const made = await directory.places.create(parent, name.data);
    await places.reload();
    const place = made && places.tree.find(made.id);
    if (place !== undefined) return viewPlace(place);
    throw new CollectorError('CONFLICT', `There is a place ${path} already.`, { path: 'place' });
  },
});
