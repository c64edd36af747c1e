import { parsePlace, PLACE } from '../ask/place.js';
import { defineCommand } from '../command/command.js';
import { measure, MEASURE_NOTES, PLACED_MEASURE_OPTIONS } from '../command/measure.js';

export const command = defineCommand({
  positionals: [PLACE],
  options: PLACED_MEASURE_OPTIONS,
  notes: `Examples
  dormouse counter src/risk.ts:42 --if 'amount > 10000' --by order.symbol
  dormouse counter ledger.ts:Ledger.settle --on throw --by '$error.message' --for 10m

${MEASURE_NOTES}`,
  run(invocation) {
    const { positionals, values } = invocation;
    return measure(invocation, { kind: 'counter', ...parsePlace(positionals[0] ?? '', values.on) });
  },
});
