import { addToGroup } from './add-to-group.js';
import { ACCESS_OPERATIONS } from './access/operations.js';
import { AUDIT_OPERATIONS } from './audit/operations.js';
import { compareCaptures } from './compare-captures.js';
import { createGroup } from './create-group.js';
import { createProbe } from './create-probe.js';
import { createWebhook } from './create-webhook.js';
import { deleteImport } from './delete-import.js';
import { deleteWebhook } from './delete-webhook.js';
import { dryRun } from './dry-run.js';
import { duplicateProbe } from './duplicate-probe.js';
import { endGroup } from './end-group.js';
import { extendGroup } from './extend-group.js';
import { extendProbe } from './extend-probe.js';
import { getAgent } from './get-agent.js';
import { getBuild } from './get-build.js';
import { getCapture } from './get-capture.js';
import { getGroup } from './get-group.js';
import { getImport } from './get-import.js';
import { getMetrics } from './get-metrics.js';
import { getOtlp } from './get-otlp.js';
import { getPolicy } from './get-policy.js';
import { getProbe } from './get-probe.js';
import { getSource } from './get-source.js';
import { getRetention } from './get-retention.js';
import { listAgents } from './list-agents.js';
import { listCaptures } from './list-captures.js';
import { listDeliveries } from './list-deliveries.js';
import { listImports } from './list-imports.js';
import { listFiles } from './list-files.js';
import { listFunctions } from './list-functions.js';
import { listGroups } from './list-groups.js';
import { listPoints } from './list-points.js';
import { listPolicies } from './list-policies.js';
import { listProbes } from './list-probes.js';
import { listServices } from './list-services.js';
import { listWebhooks } from './list-webhooks.js';
import type { AnyOperation } from './operation.js';
import { PEOPLE_OPERATIONS } from './people/operations.js';
import { putManifest } from './put-manifest.js';
import { putOtlp } from './put-otlp.js';
import { putPolicy } from './put-policy.js';
import { putSource } from './put-source.js';
import { removeOtlp } from './remove-otlp.js';
import { removeProbe } from './remove-probe.js';
import { searchSource } from './search-source.js';
import { setKillSwitch } from './set-kill-switch.js';
import { testWebhook } from './test-webhook.js';
import { getTemplate } from './get-template.js';
import { listTemplates } from './list-templates.js';
import { placeTemplate } from './place-template.js';
import { removeTemplate } from './remove-template.js';
import { saveTemplate } from './save-template.js';
import { waitForProbe } from './wait-for-probe.js';

/** Everything that can be asked of a collector, in the order in which its documentation shows it. */
export const OPERATIONS: readonly AnyOperation[] = [
  listServices,
  listAgents,
  getAgent,
  listFiles,
  listFunctions,
  listPoints,
  getBuild,
  putManifest,
  getSource,
  putSource,
  searchSource,
  createProbe,
  listProbes,
  getProbe,
  waitForProbe,
  extendProbe,
  duplicateProbe,
  removeProbe,
  saveTemplate,
  listTemplates,
  getTemplate,
  placeTemplate,
  removeTemplate,
  createGroup,
  listGroups,
  getGroup,
  addToGroup,
  extendGroup,
  endGroup,
  listCaptures,
  getCapture,
  compareCaptures,
  getRetention,
  listImports,
  getImport,
  deleteImport,
  dryRun,
  getMetrics,
  listPolicies,
  getPolicy,
  putPolicy,
  setKillSwitch,
  getOtlp,
  putOtlp,
  removeOtlp,
  createWebhook,
  listWebhooks,
  testWebhook,
  listDeliveries,
  deleteWebhook,
  ...ACCESS_OPERATIONS,
  ...PEOPLE_OPERATIONS,
  ...AUDIT_OPERATIONS,
];
