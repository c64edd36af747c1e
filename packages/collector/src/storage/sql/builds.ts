import type { BuildStore } from '../contract/builds.js';
import type { Engine } from './engine.js';

export const sqlBuilds = ({ db, announce }: Engine): BuildStore => ({
  async save({ buildId, commit = null, ...build }) {
    await db.transaction().execute(async (transaction) => {
      await transaction
        .insertInto('builds')
        .values({ id: buildId, commit_id: commit, ...build, received_at: Date.now() })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      await announce(transaction, 'builds');
    });
  },

  async link(service, buildId) {
    const seen = { last_seen: Date.now() };
    await db
      .insertInto('service_builds')
      .values({ service, build: buildId, ...seen })
      .onConflict((conflict) => conflict.columns(['service', 'build']).doUpdateSet(seen))
      .execute();
  },

  async manifest(buildId) {
    const row = await db.selectFrom('builds').select('manifest').where('id', '=', buildId).executeTakeFirst();
    return row?.manifest;
  },

  async idsOf(service) {
    const rows = await db
      .selectFrom('service_builds')
      .innerJoin('builds', 'builds.id', 'service_builds.build')
      .select('builds.id')
      .where('service', '=', service)
      .orderBy('last_seen', 'desc')
      .execute();
    return rows.map((row) => row.id);
  },

  async servicesOf(buildId) {
    const rows = await db
      .selectFrom('service_builds')
      .select('service')
      .where('build', '=', buildId)
      .orderBy('service')
      .execute();
    return rows.map((row) => row.service);
  },

  async list() {
    const rows = await db
      .selectFrom('service_builds')
      .innerJoin('builds', 'builds.id', 'service_builds.build')
      .select(['builds.id as buildId', 'service', 'commit_id', 'files', 'functions', 'points', 'skipped'])
      .orderBy('last_seen', 'desc')
      .execute();
    return rows.map(({ commit_id: commit, ...view }) => (commit === null ? view : { ...view, commit }));
  },
});
