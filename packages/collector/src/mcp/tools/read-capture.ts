import { z } from 'zod';
import { NOTICE, notice } from '../evidence/notice.js';
import { scope, scopeOf } from '../evidence/scope.js';
import { shape, shapeOf } from '../evidence/shape.js';
import { defineTool, READS_EVIDENCE } from '../tool.js';
import { paths } from './wanted-evidence.js';

export const readCapture = defineTool({
  name: 'read_capture',
  title: 'Read one capture',
  description: 'One capture in short, and the values at the given paths of it whole.',
  annotations: READS_EVIDENCE,
  input: z.object({ capture: z.string().min(1).meta({ description: 'Its id.' }), paths }),
  output: z.object({
    notice,
    ...shape.shape,
    probe: z.string().meta({ description: 'Whose hit it is.' }),
    scope: scope.meta({ description: 'Of the probe: this is one hit of it.' }),
  }),
  async run({ api }, { capture: id, paths: wanted = [] }) {
    const capture = await api.capture(id);
    const probe = await api.probe(capture.probe);
    return { notice: NOTICE, ...shapeOf(capture, wanted), probe: probe.id, scope: scopeOf(probe) };
  },
});
