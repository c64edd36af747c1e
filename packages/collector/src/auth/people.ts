import type { Directory } from '../storage/contract/directory/directory.js';
import { Codes } from './codes.js';
import type { Cost } from './passwords/hash.js';
import { Sessions } from './sessions/sessions.js';
import { Users } from './users/users.js';

/** All that people sign in with. */
export interface People {
  readonly users: Users;
  readonly sessions: Sessions;
  readonly codes: Codes;
  /** Where browsers see the collector, if the operator said so. */
  readonly publicUrl: string | undefined;
}

/**
 * @param publicUrl where browsers see the collector, if the operator said so
 * @param cost of hashing a password; default: {@link COST}
 */
export function openPeople(directory: Directory, publicUrl: string | undefined, cost?: Cost): People {
  const sessions = new Sessions(directory.sessions);
  const codes = new Codes(directory.codes);
  return { users: new Users(directory, sessions, codes, cost), sessions, codes, publicUrl };
}
