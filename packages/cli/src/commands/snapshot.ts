import type { CaptureView, ProbeView } from '@dormouse/protocol';

import { EVENT_OPTION, parsePlace, PLACE } from '../ask/place.js';
import { commonRequest, PROBE_OPTIONS } from '../ask/probe-options.js';
import { parseDuration } from '../ask/quantity.js';
import { chooseService } from '../ask/service.js';
import { defineCommand } from '../command/command.js';
import { follow, type Ending } from '../command/follow.js';
import { OperationFailed } from '../failure.js';
import { renderCapture } from '../render/capture.js';
import { probeState, renderAccount, renderProbe } from '../render/probe.js';

export const command = defineCommand({
  positionals: [PLACE],
  options: {
    ...PROBE_OPTIONS,
    on: EVENT_OPTION,
    watch: { type: 'string', value: 'EXPR', multiple: true, summary: 'Evaluate this beside the variables' },
    wait: {
      type: 'boolean',
      summary: 'Wait for the hits and print them; the default. --no-wait returns at once',
    },
    timeout: { type: 'string', value: 'TIME', summary: 'Wait no longer than this; default 60s' },
  },
  notes: `Examples
  dormouse snapshot src/risk.ts:42 --if 'amount > 10000' --watch 'typeof order.highValue'
  dormouse snapshot risk.ts:42:17 --hits 5 --timeout 10m --json
  dormouse snapshot risk.ts:42 --no-wait --expires 2d
  dormouse snapshot risk.ts:RiskGate.assess --on end --if '$duration > 200 || $error'

While waiting, --hits is 1 unless given, and --json prints one capture per line. A probe that was waited for in
vain stays until it expires; "dormouse captures --probe ID" shows what it found.`,
  async run({ client, values, terminal, positionals, answer, note }) {
    const place = parsePlace(positionals[0] ?? '', values.on);
    const timeoutMs = parseDuration('timeout', values.timeout ?? '60s');
    const waits = values.wait !== false;
    const request = commonRequest(waits ? { ...values, hits: values.hits ?? '1' } : values);
    const watches = values.watch ?? [];
    const service = await chooseService(client, place.location.file, values.service);
    const probe = await client.createProbe({ kind: 'snapshot', service, ...place, watches, ...request });
    if (!waits) return answer(probe, (style) => renderProbe(probe, style));

    const { out } = terminal;
    const { style } = terminal.err;
    let printed = 0;
    const take = (capture: CaptureView): void => {
      const gap = printed > 0 ? '\n' : '';
      out.print(values.json === true ? JSON.stringify(capture) : gap + renderCapture(capture, out.style));
      printed += 1;
    };
    const ending = await follow(client, probe, { take, note, style, timeoutMs });
    if (printed > 0) return;
    const latest = await client.probe(probe.id);
    for (const report of latest.agents) note(renderAccount(report, style));
    throw nothingCaptured(latest, ending);
  },
});

function nothingCaptured(probe: ProbeView, ending: Ending): OperationFailed {
  const state = probeState(probe, Date.now());
  const advice = probe.state === 'active' ? ` "dormouse remove ${probe.id}" ends it.` : '';
  const code = ending === 'timeout' ? 'TIMEOUT' : 'NOTHING_CAPTURED';
  return new OperationFailed(code, `Nothing was captured. Probe ${probe.id} is ${state}.${advice}`);
}
