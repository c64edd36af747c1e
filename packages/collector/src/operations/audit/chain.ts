import { z } from 'zod';
import type { Caller } from '../../auth/caller.js';
import type { Permission } from '../../auth/permissions.js';
import { CollectorError } from '../../collector-error.js';
import type { Core } from '../../core.js';
import { EVERYWHERE, type PlaceId } from '../../storage/contract/directory/places.js';

/** Which of the two chains that a request can be about. */
export const chain = z
  .enum(['organisation', 'collector'])
  .meta({
    description:
      '`organisation`: that of the environment which the request is about; `collector`: what concerns no organisation, as sign-ins and starts.',
  })
  .default('organisation');

export type Chain = z.output<typeof chain>;

/**
 * The chain as a whole, for somebody who may see all of it.
 * @throws {CollectorError} FORBIDDEN
 */
export function wholeChain({ audit }: Core, caller: Caller, which: Chain, permission: Permission): PlaceId {
  const place = which === 'collector' ? EVERYWHERE : audit.at(caller.place).organisation;
  if (caller.mayIn(place, permission)) return place;
  throw new CollectorError(
    'FORBIDDEN',
    `${caller.name} may not do this: it takes the permission ${permission} in ${which === 'collector' ? 'all organisations' : 'the whole organisation'}.`,
  );
}
