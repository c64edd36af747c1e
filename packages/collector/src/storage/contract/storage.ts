import type { AgentStore } from './agents.js';
import type { Announcements } from './announcements.js';
import type { BuildStore } from './builds.js';
import type { CaptureStore } from './captures.js';
import type { EventLog } from './events.js';
import type { GroupStore } from './groups.js';
import type { ImportStore } from './imports.js';
import type { OutletStore } from './outlets.js';
import type { PolicyStore } from './policies.js';
import type { PresenceStore } from './presence.js';
import type { ProbeStore } from './probes.js';
import type { Retention } from './retention.js';
import type { ServiceStore } from './services.js';
import type { SourceStore } from './sources.js';
import type { TemplateStore } from './templates.js';
import type { WebhookStore } from './webhooks.js';

/**
 * All that is remembered of one environment, whatever it is remembered in. One suite holds every storage to
 * this contract: `test/storage/contract`.
 *
 * - What a promise was fulfilled for MUST survive the death of this process at any moment.
 * - Every method MUST do all of its work or none of it.
 * - No method MUST ever read or change anything of another environment.
 * - Whatever cannot be done MUST be rejected with the storage's own error; nothing is tried again here.
 */
export interface Storage {
  readonly services: ServiceStore;
  readonly builds: BuildStore;
  readonly sources: SourceStore;
  readonly agents: AgentStore;
  readonly presence: PresenceStore;
  readonly probes: ProbeStore;
  readonly groups: GroupStore;
  readonly templates: TemplateStore;
  readonly captures: CaptureStore;
  readonly imports: ImportStore;
  readonly policies: PolicyStore;
  readonly outlets: OutletStore;
  readonly webhooks: WebhookStore;
  readonly events: EventLog;
  readonly announcements: Announcements;
  /** Deletes what need not be kept any longer. */
  deleteOld(retention: Retention): Promise<void>;
  /** Deletes everything. */
  erase(): Promise<void>;
}
