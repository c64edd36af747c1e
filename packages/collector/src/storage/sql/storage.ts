import type { Storage } from '../contract/storage.js';
import { sqlAgents } from './agents.js';
import { sqlBuilds } from './builds.js';
import { sqlCaptures } from './captures.js';
import { deleteOld } from './delete-old.js';
import type { Engine } from './engine.js';
import { erase } from './erase.js';
import { sqlEvents } from './events.js';
import { sqlImports } from './imports.js';
import { sqlOutlets } from './outlets.js';
import { sqlGroups } from './groups.js';
import { sqlPolicies } from './policies.js';
import { sqlProbes } from './probes.js';
import { sqlServices } from './services.js';
import { sqlSources } from './sources.js';
import { sqlTemplates } from './templates.js';
import { sqlWebhooks } from './webhooks.js';

/** The contract, kept by tables of an SQL database. */
export function sqlStorage(engine: Engine): Storage {
  const { db } = engine;
  return {
    services: sqlServices(db),
    builds: sqlBuilds(engine),
    sources: sqlSources(db),
    agents: sqlAgents(db),
    presence: engine.presence,
    announcements: engine.announcements,
    probes: sqlProbes(engine),
    groups: sqlGroups(db),
    templates: sqlTemplates(db),
    captures: sqlCaptures(engine),
    imports: sqlImports(db),
    policies: sqlPolicies(engine),
    outlets: sqlOutlets(db),
    webhooks: sqlWebhooks(db),
    events: sqlEvents(engine),
    deleteOld: (retention) => deleteOld(engine, retention),
    erase: () => erase(db),
  };
}
