import { z } from 'zod';
import { Refused } from '../api.js';
import { NOTICE, notice } from '../evidence/notice.js';
import { placeOf } from '../evidence/probe-state.js';
import { scope, scopeOf } from '../evidence/scope.js';
import { shape, shapeOf } from '../evidence/shape.js';
import { verdict, verdictOf } from '../evidence/verdict.js';
import { defineTool, READS_EVIDENCE } from '../tool.js';
import { limit, paths, probe } from './wanted-evidence.js';

export const checkVerdict = defineTool({
  name: 'check_verdict',
  title: 'Get the verdict of a check',
  description:
    'Whether what a check expects held: over all hits, with the newest violations as counterexamples. To say that a fix ' +
    'works, `holds` is needed, and hits enough for the failure to have shown itself before.',
  annotations: READS_EVIDENCE,
  input: z.object({ probe, limit, paths }),
  output: z.object({
    notice,
    probe: z.string(),
    expect: z.string(),
    condition: z.string().optional(),
    place: z.string(),
    ...verdict.shape,
    counterexamples: z.array(shape),
    scope,
  }),
  async run({ api }, { probe: id, limit: most, paths: wanted = [] }) {
    const view = await api.probe(id);
    if (view.expect === undefined) {
      throw new Refused({
        code: 'INVALID_REQUEST',
        message: `${id} is a ${view.kind}, which has no verdict: read_evidence shows what it found.`,
        path: 'probe',
      });
    }
    const { captures } = await api.captures({ probe: id, order: 'newest', limit: most });
    return {
      notice: NOTICE,
      probe: id,
      expect: view.expect,
      ...(view.condition !== undefined && { condition: view.condition }),
      place: placeOf(view),
      ...verdictOf(view),
      counterexamples: captures.map((capture) => shapeOf(capture, wanted)),
      scope: scopeOf(view),
    };
  },
});
