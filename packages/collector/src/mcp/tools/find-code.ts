import type { FunctionView } from '@dormouse/protocol';
import { z } from 'zod';
import { MCP_LIMITS, SHOWN } from '../limits.js';
import { defineTool, READS } from '../tool.js';

const found = z.object({
  file: z.string(),
  function: z.string().meta({ description: 'As `place_probe` takes it.' }),
  lines: z.string().meta({ description: 'Lines that a probe can stand on: `36-39, 41`.' }),
  calls: z.string().meta({
    description:
      'What is seen of its calls: `all` (entry, return, throw), `ends`, `returns` (no foreign throws), `none` (lines only).',
  }),
  async: z.boolean(),
  variables: z.array(z.string()).meta({ description: 'Parameters first. `…` stands for more.' }),
});

export const findCode = defineTool({
  name: 'find_code',
  title: 'Find code that can be probed',
  description:
    'Searches the code that a service runs, by parts of the names of functions, files and variables, or outlines one file: ' +
    'functions with the lines that probes can stand on and the variables they know. It knows names, not texts: search ' +
    'for the words of the symptom and for what they may be called. A build may have code that a service never loads. ' +
    'Line numbers are those of the original source.',
  annotations: READS,
  input: z.object({
    service: z.string(),
    search: z
      .string()
      .min(1)
      .meta({
        description:
          'Words that are parts of names, in any case, all of which have to be found: `fraud score`.',
      })
      .optional(),
    file: z
      .string()
      .min(1)
      .meta({ description: 'Only this source: its path, or any unambiguous end of it.' })
      .optional(),
    limit: z.int().min(1).max(MCP_LIMITS.maxFunctions).default(MCP_LIMITS.functions),
  }),
  output: z.object({
    functions: z
      .array(found)
      .meta({ description: 'Best first: of that name, then in such a file, then with such a variable.' }),
    total: z.number(),
    buildId: z.string().optional(),
  }),
  async run({ api }, query) {
    const { functions, total } = await api.functions(query);
    const [first] = functions;
    return {
      functions: functions.map(summarise),
      total,
      ...(first !== undefined && { buildId: first.buildId }),
    };
  },
});

function summarise({ file, function: name, lines, exits, async, variables }: FunctionView) {
  const more = variables.length > SHOWN.variables ? ['…'] : [];
  return {
    file,
    function: name,
    lines: rangesOf(lines),
    calls: exits,
    async,
    variables: [...variables.slice(0, SHOWN.variables), ...more],
  };
}

/** Ascending numbers as `3-5, 9`. */
function rangesOf(numbers: readonly number[]): string {
  const ranges: [from: number, to: number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last !== undefined && number === last[1] + 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([from, to]) => (from === to ? from : `${from}-${to}`)).join(', ');
}
