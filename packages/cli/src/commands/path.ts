import { parseLocation } from '../ask/location.js';
import { commonRequest, PROBE_OPTIONS } from '../ask/probe-options.js';
import { parseCount } from '../ask/quantity.js';
import { chooseService } from '../ask/service.js';
import { parseUntil } from '../ask/until.js';
import { awaitCaptures, hitsToAwait, WAIT_NOTES, WAIT_OPTIONS } from '../command/await-captures.js';
import { defineCommand } from '../command/command.js';

export const command = defineCommand({
  positionals: [
    { name: 'FILE:FUNCTION', summary: 'whose call to follow; FILE:LINE is the function around it' },
  ],
  options: {
    ...PROBE_OPTIONS,
    until: {
      type: 'string',
      value: 'FILE:LINE[:COL]',
      summary: 'Only a call that reaches this line, shown up to it; LINE alone is one of the same file',
    },
    include: {
      type: 'string',
      value: 'FILE:FUNCTION',
      multiple: true,
      summary: 'Follow this function too, below the call or in its request',
    },
    steps: {
      type: 'string',
      value: 'N',
      summary: 'Keep N steps, the first half and the last; default 500',
    },
    depth: { type: 'string', value: 'N', summary: 'Look N levels into objects at each step; default 1' },
    ...WAIT_OPTIONS,
  },
  notes: `Examples
  dormouse path risk.ts:RiskGate.assess --if 'order.amount > 10000'
  dormouse path risk.ts:RiskGate.assess --if '$error !== undefined' --timeout 1h
  dormouse path orders.ts:submit --include risk.ts:RiskGate.assess --until ledger.ts:80 --include ledger.ts:book

Shows one call line by line: which arm of each branch ran, what changed, how it ended. A condition on what the
call begins with decides as it begins; one on $return, $error or $duration, and --until, record every call and keep what came
to that.

${WAIT_NOTES}`,
  async run(invocation) {
    const { client, values, positionals } = invocation;
    const location = parseLocation(positionals[0] ?? '');
    const { until, include, steps, depth } = values;
    const request = {
      location,
      ...(until !== undefined && { until: parseUntil(until, location) }),
      ...(include !== undefined && { includes: include.map(parseLocation) }),
      ...(steps !== undefined && { steps: parseCount('steps', steps) }),
      ...(depth !== undefined && { capture: { depth: parseCount('depth', depth) } }),
      ...commonRequest(hitsToAwait(values)),
    };
    await awaitCaptures(invocation, async () => {
      const service = await chooseService(client, location.file, values.service);
      return client.createProbe({ kind: 'path', service, ...request });
    });
  },
});
