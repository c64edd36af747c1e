import type { CaptureView, LogDestination, LogLevel } from '@dormouse/protocol';

import { parseChoice } from '../ask/choice.js';
import { EVENT_OPTION, parsePlace, PLACE } from '../ask/place.js';
import { commonRequest, PROBE_OPTIONS } from '../ask/probe-options.js';
import { chooseService } from '../ask/service.js';
import { defineCommand } from '../command/command.js';
import { follow } from '../command/follow.js';
import { UsageError } from '../failure.js';
import { renderLogLine } from '../render/capture.js';
import { renderProbe } from '../render/probe.js';
import { printableJson } from '../render/json.js';

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];
const DESTINATIONS: readonly LogDestination[] = ['collector', 'process', 'both'];

export const command = defineCommand({
  positionals: [
    PLACE,
    { name: 'TEXT', summary: 'the text, with expressions in braces; {{ and }} are braces' },
  ],
  options: {
    ...PROBE_OPTIONS,
    on: EVENT_OPTION,
    level: { type: 'string', value: 'LEVEL', values: LEVELS, summary: `${LEVELS.join(', ')}; default info` },
    to: {
      type: 'string',
      value: 'WHERE',
      values: DESTINATIONS,
      summary: `${DESTINATIONS.join(', ')}: the process's own logger or stdout; default collector`,
    },
    wait: { type: 'boolean', summary: 'Print the logs as they come, until Ctrl-C; the probe stays' },
  },
  notes: `Examples
  dormouse log src/risk.ts:42 'order {order.id} over {amount}' --wait
  dormouse log risk.ts:42 'slow: {elapsed}' --if 'elapsed > 200' --level warn --hits 100
  dormouse log risk.ts:42 'over {amount}' --to process
  dormouse log ledger.ts:settle 'settle threw {$error.message}' --on throw --wait`,
  async run({ client, values, terminal, positionals, answer, note }) {
    const [where = '', template = ''] = positionals;
    const place = parsePlace(where, values.on);
    const level = values.level === undefined ? undefined : parseChoice('level', values.level, LEVELS);
    const to = values.to === undefined ? undefined : parseChoice('to', values.to, DESTINATIONS);
    if (to === 'process' && values.wait === true)
      throw new UsageError('With --to process nothing comes here to wait for. --to both does both.');
    const request = commonRequest(values);
    const service = await chooseService(client, place.location.file, values.service);
    const kind = 'log';
    const asked = { ...(level !== undefined && { level }), ...(to !== undefined && { to }) };
    const probe = await client.createProbe({ kind, service, ...place, template, ...asked, ...request });
    if (values.wait !== true) {
      answer(probe, (look) => renderProbe(probe, look));
      if (to === 'process') return;
      note(
        `Follow it with "dormouse tail --probe ${probe.id}"; "dormouse captures --probe ${probe.id}" lists what came.`,
      );
      return;
    }

    const { out } = terminal;
    const { style } = terminal.err;
    const take = (capture: CaptureView): void =>
      out.print(values.json === true ? printableJson(capture) : renderLogLine(capture, out.style));
    await follow(client, probe, { take, note, style });
  },
});
