import { z } from 'zod';
import { evidence, readEvidence as read } from '../evidence/evidence.js';
import { defineTool, READS_EVIDENCE } from '../tool.js';
import { limit, paths, probe } from './wanted-evidence.js';

export const readEvidence = defineTool({
  name: 'read_evidence',
  title: 'Read what a probe has found',
  description:
    'The newest captures of a probe in short, or the figures of a metric, with how much of what happened they stand for. ' +
    'Values are cut: give `paths` for those that matter.',
  annotations: READS_EVIDENCE,
  input: z.object({ probe, limit, paths }),
  output: evidence,
  run: async ({ api, owner }, { probe: id, limit: most, paths: wanted = [] }) =>
    read(api, owner, await api.probe(id), { limit: most, paths: wanted }),
});
