import { describe } from 'vitest';
import { IN_MEMORY } from '../../src/index.ts';
import { openSqlite } from '../../src/storage/sqlite/open.ts';
import { describeDirectory } from './support/directory.ts';
import { describeStorage } from './support/contract.ts';
import { describeUsers } from './support/users.ts';

describe('SQLite', () => {
  describeStorage(() => openSqlite(IN_MEMORY));
  describeDirectory(() => openSqlite(IN_MEMORY));
  describeUsers(() => openSqlite(IN_MEMORY));
});
