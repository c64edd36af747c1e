import { z } from 'zod';
import { MCP_LIMITS } from '../limits.js';
import { defineTool, READS } from '../tool.js';

export const listPoints = defineTool({
  name: 'list_points',
  title: 'List the variables in scope at lines',
  description:
    'The exact places of one file, or of one line, where a probe can stand, with the variables that conditions and ' +
    'watch expressions can read there. A place stands before its statement: a variable that the statement assigns has ' +
    'its old value there, or none.',
  annotations: READS,
  input: z.object({
    service: z.string(),
    file: z.string().min(1),
    line: z.int().min(1).meta({ description: 'Without it: all places of the file.' }).optional(),
  }),
  output: z.object({
    points: z.array(
      z.object({
        line: z.number(),
        column: z.number(),
        function: z.string(),
        variables: z.array(z.string()),
      }),
    ),
    total: z.number(),
    file: z.string().optional(),
    buildId: z.string().optional(),
  }),
  async run({ api }, query) {
    const points = await api.points(query);
    const [first] = points;
    return {
      points: points.slice(0, MCP_LIMITS.points).map(({ line, column, function: name, variables }) => ({
        line,
        column,
        function: name,
        variables: [...variables],
      })),
      total: points.length,
      ...(first !== undefined && { file: first.file, buildId: first.buildId }),
    };
  },
});
