import type { StreamEvent } from '@dormouse/protocol';

import type { Client } from '../client/client.js';
import { live } from '../client/live.js';
import { defineCommand } from '../command/command.js';
import { interruption } from '../command/interruption.js';
import { renderCapture, renderLogLine, renderWindowLine } from '../render/capture.js';
import { renderStateChange } from '../render/probe.js';
import { renderSpanLine, renderTagLine } from '../render/span.js';
import type { Style } from '../render/style.js';
import { printableJson } from '../render/json.js';

export const command = defineCommand({
  positionals: [],
  options: {
    probe: { type: 'string', value: 'ID', values: 'probes', summary: 'Only of this probe' },
    service: { type: 'string', value: 'NAME', values: 'services', summary: 'Only of this service' },
    group: { type: 'string', value: 'ID', summary: 'Only of the probes of this group' },
  },
  notes: `Logs, spans, tags and metrics take one line, snapshots several. With --json every event is one line: {"event":…,"data":…}. Ends with
Ctrl-C; when the connection breaks, it goes on where it stopped.`,
  async run({ client, values: { probe, service, group, json }, note, terminal: { out } }) {
    await failWithoutCollector(client);
    const stop = interruption();
    try {
      for await (const happening of live(client, { probe, service, group }, stop.signal)) {
        if (happening.event === 'connected') note('Following the collector; Ctrl-C ends.');
        else if (happening.event === 'lost') note('The collector is away; waiting for it.');
        else out.print(json === true ? printableJson(happening) : renderEvent(happening, out.style));
      }
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    } finally {
      stop.release();
    }
  },
});

/** Later on, a collector that is away is waited for; at the start, its address is probably wrong. */
async function failWithoutCollector(client: Client): Promise<void> {
  await client.probes({ limit: 1 });
}

function renderEvent({ event, data }: StreamEvent, style: Style): string {
  if (event === 'probe') return renderStateChange(data, style);
  if (data.kind === 'span') return renderSpanLine(data, style);
  if (data.kind === 'tag') return renderTagLine(data, style);
  if (data.metric !== undefined) return renderWindowLine(data, style);
  return data.kind === 'log' ? renderLogLine(data, style) : `${renderCapture(data, style)}\n`;
}
