import type { CaptureView, LogLevel } from '@dormouse/protocol';

import { EVENT_OPTION, parsePlace, PLACE } from '../ask/place.js';
import { commonRequest, PROBE_OPTIONS } from '../ask/probe-options.js';
import { chooseService } from '../ask/service.js';
import { defineCommand } from '../command/command.js';
import { follow } from '../command/follow.js';
import { UsageError } from '../failure.js';
import { renderLogLine } from '../render/capture.js';
import { renderProbe } from '../render/probe.js';

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

export const command = defineCommand({
  positionals: [
    PLACE,
    { name: 'TEXT', summary: 'the text, with expressions in braces; {{ and }} are braces' },
  ],
  options: {
    ...PROBE_OPTIONS,
    on: EVENT_OPTION,
    level: { type: 'string', value: 'LEVEL', summary: `${LEVELS.join(', ')}; default info` },
    wait: { type: 'boolean', summary: 'Print the logs as they come, until Ctrl-C; the probe stays' },
  },
  notes: `Examples
  dormouse log src/risk.ts:42 'order {order.id} over {amount}' --wait
  dormouse log risk.ts:42 'slow: {elapsed}' --if 'elapsed > 200' --level warn --hits 100
  dormouse log ledger.ts:settle 'settle threw {$error.message}' --on throw --wait`,
  async run({ client, values, terminal, positionals, answer, note }) {
    const [where = '', template = ''] = positionals;
    const place = parsePlace(where, values.on);
    const level = parseLevel(values.level);
    const request = commonRequest(values);
    const service = await chooseService(client, place.location.file, values.service);
    const probe = await client.createProbe({ kind: 'log', service, ...place, template, level, ...request });
    if (values.wait !== true) {
      answer(probe, (look) => renderProbe(probe, look));
      note(
        `Follow it with "dormouse tail --probe ${probe.id}"; "dormouse captures --probe ${probe.id}" lists what came.`,
      );
      return;
    }

    const { out } = terminal;
    const { style } = terminal.err;
    const take = (capture: CaptureView): void =>
      out.print(values.json === true ? JSON.stringify(capture) : renderLogLine(capture, out.style));
    await follow(client, probe, { take, note, style });
  },
});

function parseLevel(text = 'info'): LogLevel {
  const level = LEVELS.find((known) => known === text);
  if (!level) throw new UsageError(`--level ${text} is none of ${LEVELS.join(', ')}.`);
  return level;
}
