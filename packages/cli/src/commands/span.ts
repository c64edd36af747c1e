import type { CaptureView } from '@dormouse/protocol';

import { parseLocation } from '../ask/location.js';
import { parsePairs } from '../ask/pairs.js';
import { commonRequest, PROBE_OPTIONS } from '../ask/probe-options.js';
import { chooseService } from '../ask/service.js';
import { parseUntil, UNTIL_OPTION } from '../ask/until.js';
import { defineCommand } from '../command/command.js';
import { follow } from '../command/follow.js';
import { renderProbe } from '../render/probe.js';
import { renderSpanLine } from '../render/span.js';
import { printableJson } from '../render/json.js';

export const command = defineCommand({
  positionals: [
    {
      name: 'FILE:FUNCTION',
      summary: 'whose calls to trace; FILE:LINE is the function around it, or with --until its line',
    },
  ],
  options: {
    ...PROBE_OPTIONS,
    until: {
      ...UNTIL_OPTION,
      summary: 'Trace the lines from FILE:LINE to before this one, of the same function',
    },
    name: { type: 'string', value: 'NAME', summary: 'What the spans are called; default the function' },
    set: { type: 'string', value: 'NAME=EXPR', multiple: true, summary: 'An attribute of each span' },
    wait: { type: 'boolean', summary: 'Print the spans as they come, until Ctrl-C; the probe stays' },
  },
  notes: `Examples
  dormouse span risk.ts:RiskGate.assess --wait
  dormouse span risk.ts:42 --until 48
  dormouse span risk.ts:42 --set order=order.id --set 'approved=$return' --context tenant=acme

Lines are traced from each hit of the first one to the second one in the same call, or to the call's end.
Where the service has OpenTelemetry, the spans are in its own traces too, as children of the span that is active.`,
  async run({ client, values, terminal, positionals: [where = ''], answer, note }) {
    const location = parseLocation(where);
    const request = commonRequest(values);
    const attributes = parsePairs('--set', values.set ?? []);
    const { name, until } = values;
    const service = await chooseService(client, location.file, values.service);
    const probe = await client.createProbe({
      kind: 'span',
      service,
      location,
      attributes,
      ...(until !== undefined && { until: parseUntil(until, location) }),
      ...(name !== undefined && { name }),
      ...request,
    });
    if (values.wait !== true) {
      answer(probe, (look) => renderProbe(probe, look));
      note(`Follow it with "dormouse tail --probe ${probe.id}".`);
      return;
    }

    const { out } = terminal;
    const { style } = terminal.err;
    const take = (capture: CaptureView): void =>
      out.print(values.json === true ? printableJson(capture) : renderSpanLine(capture, out.style));
    await follow(client, probe, { take, note, style });
  },
});
