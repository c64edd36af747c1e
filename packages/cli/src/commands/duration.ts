import { parseLocation } from '../ask/location.js';
import { defineCommand } from '../command/command.js';
import { measure, MEASURE_NOTES, MEASURE_OPTIONS } from '../command/measure.js';

export const command = defineCommand({
  positionals: [
    { name: 'FILE:FUNCTION', summary: 'whose calls are timed; or FILE:LINE, the function around the line' },
  ],
  options: MEASURE_OPTIONS,
  notes: `Examples
  dormouse duration risk.ts:RiskGate.assess
  dormouse duration src/risk.ts:42 --by order.symbol --for 10m

Calls that return and calls that throw are told apart. Of asynchronous functions there is the time in all, the time that they
ran, and the time that they waited for what they await.

${MEASURE_NOTES}`,
  run(invocation) {
    const [where = ''] = invocation.positionals;
    return measure(invocation, { kind: 'duration', location: parseLocation(where) });
  },
});
