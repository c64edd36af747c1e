import { parsePairs } from '../ask/pairs.js';
import { EVENT_OPTION, parsePlace, PLACE } from '../ask/place.js';
import { commonRequest, PROBE_OPTIONS } from '../ask/probe-options.js';
import { chooseService } from '../ask/service.js';
import { defineCommand } from '../command/command.js';
import { renderProbe } from '../render/probe.js';

export const command = defineCommand({
  positionals: [PLACE, { name: 'NAME=EXPR', summary: 'an attribute and its value', many: true }],
  options: { ...PROBE_OPTIONS, on: EVENT_OPTION },
  notes: `Examples
  dormouse tag src/risk.ts:42 risk.amount=amount 'order.large=amount > 10000'

Sets attributes of the OpenTelemetry span that is active there, at most --rate times a second (default 1,000), until the
probe expires. The first --hits spans (default 10) are shown: "dormouse tail --probe ID".`,
  async run({ client, values, positionals: [where = '', ...pairs], answer, note }) {
    const place = parsePlace(where, values.on);
    const attributes = parsePairs('NAME=EXPR', pairs);
    const request = commonRequest(values);
    const service = await chooseService(client, place.location.file, values.service);
    const probe = await client.createProbe({ kind: 'tag', service, ...place, attributes, ...request });
    answer(probe, (style) => renderProbe(probe, style));
    note(`"dormouse tail --probe ${probe.id}" shows the first spans it tags.`);
  },
});
