import type { Within } from '@dormouse/protocol';

import { parseChoice } from '../ask/choice.js';
import { parseLocation } from '../ask/location.js';
import { parseUntil, UNTIL_OPTION } from '../ask/until.js';
import { defineCommand } from '../command/command.js';
import { measure, MEASURE_NOTES, MEASURE_OPTIONS } from '../command/measure.js';
import { UsageError } from '../failure.js';

const WITHIN: readonly Within[] = ['call', 'request'];

export const command = defineCommand({
  positionals: [{ name: 'FILE:LINE[:COL]', summary: 'the line at which the time begins' }],
  options: {
    ...MEASURE_OPTIONS,
    until: UNTIL_OPTION,
    within: {
      type: 'string',
      value: 'WHAT',
      values: WITHIN,
      summary: 'Both lines are of the same call (of one function), or of the same request; default call',
    },
  },
  notes: `Examples
  dormouse tictoc src/risk.ts:42 --until 48 --by order.symbol
  dormouse tictoc orders.ts:17 --until ledger.ts:80 --within request --for 10m

The condition is asked at the first line, the key of --by is read at the second one. The time runs from each hit of the first
line to the next hit of the second one; a second hit of the first line before that begins it anew. Hits of the first line
that no second one followed are counted.

${MEASURE_NOTES}`,
  run(invocation) {
    const { positionals, values } = invocation;
    const location = parseLocation(positionals[0] ?? '');
    if (values.until === undefined)
      throw new UsageError('--until is missing: the line at which the time ends.');
    const within = parseChoice('within', values.within ?? 'call', WITHIN);
    const until = parseUntil(values.until, location);
    return measure(invocation, { kind: 'tictoc', location, until, within });
  },
});
