import { parsePlace, PLACE } from '../ask/place.js';
import { defineCommand } from '../command/command.js';
import { measure, MEASURE_NOTES, PLACED_MEASURE_OPTIONS } from '../command/measure.js';

export const command = defineCommand({
  positionals: [PLACE, { name: 'EXPR', summary: 'the number' }],
  options: PLACED_MEASURE_OPTIONS,
  notes: `Examples
  dormouse histogram src/risk.ts:42 amount --by order.symbol
  dormouse histogram api.ts:fetchQuotes '$return.length' --on return

${MEASURE_NOTES}`,
  run(invocation) {
    const { positionals, values } = invocation;
    const [where = '', value = ''] = positionals;
    return measure(invocation, { kind: 'histogram', ...parsePlace(where, values.on), value });
  },
});
