import type { Directory } from '../../contract/directory/directory.js';
import { sqlAudit } from './audit.js';
import { sqlBindings } from './bindings.js';
import { sqlElevations } from './elevations.js';
import type { DirectoryEngine } from './engine.js';
import { sqlPlaces } from './places.js';
import { sqlTokens } from './tokens.js';

/** The directory, kept by tables of an SQL database. */
export function sqlDirectory(engine: DirectoryEngine): Directory {
  return {
    places: sqlPlaces(engine),
    tokens: sqlTokens(engine),
    bindings: sqlBindings(engine),
    elevations: sqlElevations(engine),
    audit: sqlAudit(engine),
    listen: engine.listen,
  };
}
