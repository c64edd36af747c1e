import type { Tool } from '../tool.js';
import { checkVerdict } from './check-verdict.js';
import { compareCaptures } from './compare-captures.js';
import { endProbes } from './end-probes.js';
import { findCode } from './find-code.js';
import { findServices } from './find-services.js';
import { knownValues } from './known-values.js';
import { listPoints } from './list-points.js';
import { listProbes } from './list-probes.js';
import { listTemplates } from './list-templates.js';
import { placeProbe } from './place-probe.js';
import { placeTemplate } from './place-template.js';
import { readCapture } from './read-capture.js';
import { readEvidence } from './read-evidence.js';
import { searchCaptures } from './search-captures.js';
import { testExpressions } from './test-expressions.js';
import { waitForEvidence } from './wait-for-evidence.js';

/** Everything that an AI agent can ask, in the order in which it usually does. */
export const TOOLS: readonly Tool[] = [
  findServices,
  findCode,
  listPoints,
  placeProbe,
  listTemplates,
  placeTemplate,
  waitForEvidence,
  readEvidence,
  readCapture,
  knownValues,
  searchCaptures,
  compareCaptures,
  testExpressions,
  checkVerdict,
  listProbes,
  endProbes,
];
