import type { AuditStore } from './audit.js';
import type { BindingStore } from './bindings.js';
import type { CodeStore } from './codes.js';
import type { ElevationStore } from './elevations.js';
import type { PlaceStore } from './places.js';
import type { SessionStore } from './sessions.js';
import type { TokenStore } from './tokens.js';
import type { UserStore } from './users.js';

/**
 * What is not of one environment: which there are, and who may do what in them. The promises of {@link Storage} hold
 * here as well, but for the isolation: whoever asks the directory decides who may see the answer.
 */
export interface Directory {
  readonly places: PlaceStore;
  readonly tokens: TokenStore;
  readonly bindings: BindingStore;
  readonly elevations: ElevationStore;
  readonly audit: AuditStore;
  readonly users: UserStore;
  readonly sessions: SessionStore;
  readonly codes: CodeStore;
  /**
   * Calls `changed` soon after another collector has changed something of the directory. It may also never be called:
   * whoever must know looks now and then.
   * @returns how to stop
   */
  listen(changed: () => void): Promise<() => Promise<void>>;
}
