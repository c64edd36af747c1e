import type { DryRunOutcome } from '@dormouse/protocol';
import { z } from 'zod';
import { describe } from '../../captures/describe.js';
import { NOTICE, notice } from '../evidence/notice.js';
import { SHOWN } from '../limits.js';
import { defineTool, READS_EVIDENCE } from '../tool.js';

const outcome = z.object({
  expression: z.string(),
  type: z.string().optional(),
  value: z.string().meta({ description: 'Quoted where it is a string: `"true"` is no boolean.' }).optional(),
  error: z.string().meta({ description: 'It would have failed in the process too.' }).optional(),
  unknown: z
    .string()
    .meta({ description: 'It reads what the capture does not show: which path, and why.' })
    .optional(),
});

const expression = z.string().min(1).optional();

export const testExpressions = defineTool({
  name: 'test_expressions',
  title: 'Try expressions out on a capture',
  description:
    'What a condition, check, watches or log template would have come to at a captured hit. No process is asked. Try a condition on a ' +
    'failing and on a good capture before you place a probe with it.',
  annotations: READS_EVIDENCE,
  input: z.object({
    capture: z.string().min(1).meta({ description: 'Its id: of a snapshot or a check.' }),
    condition: expression,
    expect: expression,
    watches: z.array(z.string().min(1)).max(10).optional(),
    template: expression,
  }),
  output: z.object({
    notice,
    condition: outcome.optional(),
    expect: outcome.optional(),
    watches: z.array(outcome).optional(),
    message: z.string().meta({ description: 'The log’s text.' }).optional(),
  }),
  async run({ api }, { capture, ...asked }) {
    const { condition, expect, watches, message } = await api.dryRun(capture, asked);
    return {
      notice: NOTICE,
      ...(condition !== undefined && { condition: summarise(condition) }),
      ...(expect !== undefined && { expect: summarise(expect) }),
      ...(watches !== undefined && { watches: watches.map(summarise) }),
      ...(message !== undefined && { message }),
    };
  },
});

const summarise = ({ source, value, error, unknown }: DryRunOutcome): z.output<typeof outcome> => ({
  expression: source,
  ...(value !== undefined && { type: value.type, value: describe(value, SHOWN.valueLength) }),
  ...(error !== undefined && { error }),
  ...(unknown !== undefined && { unknown: `${unknown.path}: ${unknown.reason}` }),
});
