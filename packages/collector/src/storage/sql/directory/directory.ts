import type { Directory } from '../../contract/directory/directory.js';
import { sqlAudit } from './audit.js';
import { sqlBindings } from './bindings.js';
import { sqlElevations } from './elevations.js';
import { sqlCodes } from './codes.js';
import type { DirectoryEngine } from './engine.js';
import { sqlPlaces } from './places.js';
import { sqlSessions } from './sessions.js';
import { sqlTokens } from './tokens.js';
import { sqlUsers } from './users.js';

/** The directory, kept by tables of an SQL database. */
export function sqlDirectory(engine: DirectoryEngine): Directory {
  return {
    places: sqlPlaces(engine),
    tokens: sqlTokens(engine),
    bindings: sqlBindings(engine),
    elevations: sqlElevations(engine),
    audit: sqlAudit(engine),
    users: sqlUsers(engine),
    sessions: sqlSessions(engine),
    codes: sqlCodes(engine),
    listen: engine.listen,
  };
}
