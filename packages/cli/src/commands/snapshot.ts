import { EVENT_OPTION, parsePlace, PLACE } from '../ask/place.js';
import { commonRequest, PROBE_OPTIONS } from '../ask/probe-options.js';
import { parseCount } from '../ask/quantity.js';
import { chooseService } from '../ask/service.js';
import { awaitCaptures, hitsToAwait, WAIT_NOTES, WAIT_OPTIONS } from '../command/await-captures.js';
import { defineCommand } from '../command/command.js';

export const command = defineCommand({
  positionals: [PLACE],
  options: {
    ...PROBE_OPTIONS,
    on: EVENT_OPTION,
    watch: { type: 'string', value: 'EXPR', multiple: true, summary: 'Evaluate this beside the variables' },
    callers: {
      type: 'string',
      value: 'N',
      summary:
        'Show the variables of N callers too, from the second hit on a way: the first one shows the way',
    },
    ...WAIT_OPTIONS,
  },
  notes: `Examples
  dormouse snapshot src/risk.ts:42 --if 'amount > 10000' --watch 'typeof order.highValue'
  dormouse snapshot risk.ts:42:17 --hits 5 --timeout 10m --json
  dormouse snapshot risk.ts:42 --callers 3
  dormouse snapshot risk.ts:42 --no-wait --expires 2d
  dormouse snapshot risk.ts:RiskGate.assess --on end --if '$duration > 200 || $error'

${WAIT_NOTES} With --callers,
--hits is 2 unless given.`,
  async run(invocation) {
    const { client, values, positionals } = invocation;
    const place = parsePlace(positionals[0] ?? '', values.on);
    const callers = values.callers === undefined ? undefined : parseCount('callers', values.callers);
    const request = commonRequest(hitsToAwait(values, callers === undefined ? '1' : '2'));
    const shown = { watches: values.watch ?? [], ...(callers !== undefined && { callers }) };
    await awaitCaptures(invocation, async () => {
      const service = await chooseService(client, place.location.file, values.service);
      return client.createProbe({ kind: 'snapshot', service, ...place, ...shown, ...request });
    });
  },
});
