import type { Migration } from 'kysely/migration';
import { createCollectorsTable } from './collectors-table.js';
import { createDirectory } from './directory/first-tables.js';
import { tellAiTokens } from './directory/tokens-for-ai.js';
import { createUserTables } from './directory/user-tables.js';
import { createOutTables } from './out-tables.js';
import { createGroupTable, tellGroupMakers } from './group-table.js';
import { createImportTables } from './import-tables.js';
import { createVolumes } from './volumes-table.js';
import { createPolicyTable } from './policy-table.js';
import { createSourceTable } from './source-table.js';
import { createTemplateTable } from './template-table.js';

/**
 * Steps that every database takes, after those of its own: from `003-environments` on all have the same tables. A
 * released step is never edited; a new one follows it. Every table has `environment` at the head of its keys,
 * see `environment.ts`. Times, cursors and counts are `bigint`: SQLite takes any name for its integers,
 * others do not.
 */
export const COMMON_MIGRATIONS: Readonly<Record<string, Migration>> = {
  '004-policies': { up: createPolicyTable },
  '005-collectors': { up: createCollectorsTable },
  '006-directory': { up: createDirectory },
  '008-users': { up: createUserTables },
  '009-out': { up: createOutTables },
  '010-volumes': { up: createVolumes },
  '011-groups': { up: createGroupTable },
  '012-imports': { up: createImportTables },
  '013-sources': { up: createSourceTable },
  '014-templates': { up: createTemplateTable },
  '015-tokens-for-ai': { up: tellAiTokens },
  '016-group-makers': { up: tellGroupMakers },
};
