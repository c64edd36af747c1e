import type { Codes } from './codes.js';
import type { Sessions } from './sessions/sessions.js';
import type { Users } from './users/users.js';

/** All that people sign in with. */
export interface People {
  readonly users: Users;
  readonly sessions: Sessions;
  readonly codes: Codes;
  /** Where browsers see the collector, if the operator said so. */
  readonly publicUrl: string | undefined;
}
