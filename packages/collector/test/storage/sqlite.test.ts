import { describe } from 'vitest';
import { IN_MEMORY } from '../../src/index.ts';
import { openSqlite } from '../../src/storage/sqlite/open.ts';
import { describeDirectory } from './support/directory.ts';
import { describeStorage } from './support/contract.ts';
import { describeOutlets } from './support/outlets.ts';
import { describeUsers } from './support/users.ts';

let environments = 0;
const environment = (): number => ++environments;

describe('SQLite', () => {
  describeStorage(() => openSqlite(IN_MEMORY), environment);
  describeDirectory(() => openSqlite(IN_MEMORY));
  describeUsers(() => openSqlite(IN_MEMORY));
  describeOutlets(() => openSqlite(IN_MEMORY), environment);
});
