import { parsePlace, PLACE } from '../ask/place.js';
import { defineCommand } from '../command/command.js';
import { measure, MEASURE_NOTES, PLACED_MEASURE_OPTIONS } from '../command/measure.js';

export const command = defineCommand({
  positionals: [PLACE, { name: 'EXPR', summary: 'the number' }],
  options: PLACED_MEASURE_OPTIONS,
  notes: `Examples
  dormouse gauge queue.ts:17 jobs.length
  dormouse gauge pool.ts:Pool.acquire this.idle.length --by this.name --for 5m

${MEASURE_NOTES}`,
  run(invocation) {
    const { positionals, values } = invocation;
    const [where = '', value = ''] = positionals;
    return measure(invocation, { kind: 'gauge', ...parsePlace(where, values.on), value });
  },
});
