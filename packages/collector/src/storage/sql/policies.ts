import type { Policy } from '../../policy/policy.js';
import { keyOf } from '../../policy/scope.js';
import type { PolicyStore } from '../contract/policies.js';
import { takeCursors } from './cursors.js';
import type { Engine } from './engine.js';

export const sqlPolicies = ({ db, announce }: Engine): PolicyStore => ({
  async list() {
    const rows = await db.selectFrom('policies').select('policy').execute();
    return rows.map(({ policy }) => JSON.parse(policy) as Policy);
  },

  save: (policy) =>
    db.transaction().execute(async (transaction) => {
      const revision = await takeCursors(transaction, 1);
      const scope = keyOf(policy.scope);
      const present = await transaction
        .selectFrom('policies')
        .select('revision')
        .where('scope', '=', scope)
        .executeTakeFirst();
      if ((present?.revision ?? 0) !== policy.revision) return undefined;
      const stored = { ...policy, revision, changedAt: Date.now() };
      const row = { revision, policy: JSON.stringify(stored) };
      await transaction
        .insertInto('policies')
        .values({ scope, ...row })
        .onConflict((conflict) => conflict.column('scope').doUpdateSet(row))
        .execute();
      await announce(transaction, 'policies');
      return stored;
    }),

  async delete(scopes) {
    if (scopes.length === 0) return;
    await db.deleteFrom('policies').where('scope', 'in', scopes.map(keyOf)).execute();
  },
});
