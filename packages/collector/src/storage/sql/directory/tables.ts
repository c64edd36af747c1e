import type { Generated } from 'kysely';
import type { AuditTables } from './audit-tables.js';
import type { UserTables } from './user-tables.js';

/** The tables that are of no environment. Times are ms since 1970. */
export interface DirectoryTables extends AuditTables, UserTables {
  readonly places: PlaceTable;
  readonly abandoned_environments: AbandonedEnvironmentTable;
  readonly tokens: TokenTable;
  readonly bindings: BindingTable;
  readonly elevations: ElevationTable;
}

interface PlaceTable {
  id: number;
  /** 0: an organisation. */
  parent: number;
  name: string;
  created_at: number;
}

interface AbandonedEnvironmentTable {
  id: number;
}

/** Columns of whoever is bound to a place. */
export interface BindingColumns {
  place: number;
  role: string;
  /** JSON, as are the next two. */
  grants: string;
  services: string;
  elevation: string | null;
}

interface TokenTable extends BindingColumns {
  id: string;
  kind: 'api' | 'agent';
  name: string;
  owner: string | null;
  /** 0 or 1. */
  for_ai: Generated<number>;
  /** SHA-256, hexadecimal. The token itself is nowhere. */
  hash: string;
  former_hash: Generated<string | null>;
  former_until: Generated<number | null>;
  created_at: number;
  expires_at: number | null;
  used_at: Generated<number | null>;
}

interface BindingTable extends BindingColumns {
  id: string;
  user_id: string;
  created_at: number;
}

interface ElevationTable {
  id: string;
  subject_kind: 'token' | 'user';
  subject: string;
  environment: number;
  role: string;
  grants: string;
  reason: string;
  started_at: number;
  ends_at: number;
}
