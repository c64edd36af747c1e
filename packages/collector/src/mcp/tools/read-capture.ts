import { z } from 'zod';
import { NOTICE, notice } from '../evidence/notice.js';
import { shape, shapeOf } from '../evidence/shape.js';
import { defineTool, READS_EVIDENCE } from '../tool.js';
import { paths } from './wanted-evidence.js';

export const readCapture = defineTool({
  name: 'read_capture',
  title: 'Read one capture',
  description: 'One capture in short, and the values at the given paths of it whole.',
  annotations: READS_EVIDENCE,
  input: z.object({ capture: z.string().min(1).meta({ description: 'Its id.' }), paths }),
  output: z.object({ notice, ...shape.shape }),
  run: async ({ api }, { capture, paths: wanted = [] }) => ({
    notice: NOTICE,
    ...shapeOf(await api.capture(capture), wanted),
  }),
});
