import type { WebhookDelivery } from '@dormouse/protocol';
import type { Generated, Selectable } from 'kysely';

/**
 * The tables as SQL knows them; `migrations.ts` creates them. What is not here is their column `environment`,
 * which nobody but `environment.ts` sees. Times are ms since 1970. JSON columns hold plain types of the
 * protocol, because nothing ever searches inside them.
 */
export interface Tables {
  readonly sequence: SequenceTable;
  readonly services: ServiceTable;
  readonly builds: BuildTable;
  readonly service_builds: ServiceBuildTable;
  readonly sources: SourceTable;
  readonly agents: AgentTable;
  readonly probes: ProbeTable;
  readonly reports: ReportTable;
  readonly probe_groups: GroupTable;
  readonly templates: TemplateTable;
  readonly captures: CaptureTable;
  readonly capture_volumes: CaptureVolumeTable;
  readonly imports: ImportTable;
  readonly imported_captures: ImportedCaptureTable;
  readonly policies: PolicyTable;
  readonly collectors: CollectorTable;
  readonly duties: DutyTable;
  readonly outlets: OutletTable;
  readonly otlp_settings: OtlpSettingsTable;
  readonly webhooks: WebhookTable;
  readonly webhook_deliveries: DeliveryTable;
}

/** One row: the last cursor given out. Cursors never repeat, even when retention has deleted what had them. */
interface SequenceTable {
  value: number;
}

interface ServiceTable {
  name: string;
  first_seen: number;
}

interface BuildTable {
  id: string;
  commit_id: string | null;
  files: number;
  functions: number;
  points: number;
  skipped: number;
  /** The manifest: JSON, gzip. */
  manifest: Uint8Array;
  received_at: number;
}

interface ServiceBuildTable {
  service: string;
  build: string;
  last_seen: number;
}

export interface AgentTable {
  instance: string;
  service: string;
  /** `AgentIdentity`, JSON. */
  identity: string;
  first_seen: number;
  last_seen: number;
  /** Which it is connected to; nobody's word counts but that of collectors that are alive. */
  collector: Generated<string | null>;
}

interface CollectorTable {
  id: string;
  /** By the database's clock. */
  alive_until: number;
}

/** Work that only one of all collectors does. */
interface DutyTable {
  name: string;
  /** Who does it, as long as it is alive. */
  collector: string;
}

interface OutletTable {
  name: string;
  cursor: number;
  /** `Outlet`, JSON. */
  outlet: string;
}

/** One row, or none. */
interface OtlpSettingsTable {
  /** `OtlpSettings`, JSON. */
  settings: string;
}

interface WebhookTable {
  id: string;
  created_at: number;
  /** `StoredWebhook`, JSON. */
  webhook: string;
}

interface DeliveryTable {
  webhook: string;
  event: string;
  type: WebhookDelivery['type'];
  created_at: number;
  /** JSON, as it is sent. */
  body: string;
  attempts: number;
  state: 'waiting' | 'delivered' | 'failed';
  due_at: number;
  outcome: string | null;
}

interface ProbeTable {
  id: string;
  service: string;
  state: 'active' | 'ended';
  end_cause: 'removed' | 'expired' | 'hitLimit' | 'verdict' | 'error' | 'budget' | null;
  created_at: number;
  ended_at: number | null;
  /** Captures stored. */
  hits: number;
  /** Cursor of the last change of state. */
  changed: number;
  /** `ProbeDefinition`, JSON. */
  definition: string;
  /** The builds it could not be placed in when it ended, JSON. */
  unplaced: string;
  group_id: string | null;
}

interface SourceTable {
  /** SHA-256 of the text, hexadecimal. */
  hash: string;
  text: string;
}

interface GroupTable {
  id: string;
  created_at: number;
  /** See `Onlooker`; nothing of those that are older than this column. */
  created_by: string | null;
  /** When it ended, or will. */
  over_at: number;
  /** `StoredGroup`, JSON. */
  body: string;
}

interface TemplateTable {
  name: string;
  version: number;
  /** `StoredTemplate`, JSON. */
  body: string;
}

export interface ReportTable {
  probe: string;
  instance: string;
  /** `ProbeReport`, JSON. */
  report: string;
}

interface CaptureTable {
  cursor: number;
  id: string;
  /** See `dayOf`. */
  day: number;
  probe: string;
  service: string;
  received_at: number;
  /** 1: a metric's window, small and one of many; 0: evidence of one hit. */
  is_window: 0 | 1;
  /** `CaptureView` without its cursor, JSON. */
  body: string;
}

/** How much a block of captures is. */
interface CaptureVolumeTable {
  is_window: 0 | 1;
  /** See `BLOCK` of `volumes.ts`. */
  block: number;
  captures: number;
  /** Of their bodies. */
  bytes: number;
}

interface ImportTable {
  id: string;
  begun_at: number;
  /** `ImportDetails`, JSON; nothing until it is finished. */
  view: string | null;
}

interface ImportedCaptureTable {
  import: string;
  /** Its place in the file, from 1. */
  number: number;
  probe: string;
  service: string;
  received_at: number;
  /** `CaptureView` without its cursor, JSON. */
  body: string;
}

interface PolicyTable {
  /** See `keyOf` of `policy/scope.ts`. */
  scope: string;
  /** Cursor of the last change. */
  revision: number;
  /** `Policy`, JSON. */
  policy: string;
}

export type ProbeRow = Selectable<ProbeTable>;
export type CaptureRow = Selectable<CaptureTable>;
