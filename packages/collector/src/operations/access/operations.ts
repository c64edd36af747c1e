import { createBinding } from './create-binding.js';
import { createPlace } from './create-place.js';
import { createToken } from './create-token.js';
import { deleteBinding } from './delete-binding.js';
import { deletePlace } from './delete-place.js';
import { elevate } from './elevate.js';
import { endElevation } from './end-elevation.js';
import { listBindings } from './list-bindings.js';
import { listElevations } from './list-elevations.js';
import { listPlaces } from './list-places.js';
import { listTokens } from './list-tokens.js';
import { renamePlace } from './rename-place.js';
import { revokeToken } from './revoke-token.js';
import { rotateToken } from './rotate-token.js';

/** Who may do what where, in the order in which the documentation shows it. */
export const ACCESS_OPERATIONS = [
  listPlaces,
  createPlace,
  renamePlace,
  deletePlace,
  listTokens,
  createToken,
  rotateToken,
  revokeToken,
  listBindings,
  createBinding,
  deleteBinding,
  elevate,
  listElevations,
  endElevation,
] as const;
