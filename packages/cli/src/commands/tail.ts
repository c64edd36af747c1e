import { setTimeout as sleep } from 'node:timers/promises';

import type { StreamEvent } from '@dormouse/protocol';

import type { EventStream } from '../client/client.js';
import { defineCommand } from '../command/command.js';
import { interruption } from '../command/interruption.js';
import type { Screen } from '../command/terminal.js';
import { CollectorError } from '../failure.js';
import { renderCapture, renderLogLine } from '../render/capture.js';
import { renderStateChange } from '../render/probe.js';

/** Pause before the collector is asked again after it was lost, ms. */
const RECONNECT_MS = 1_000;

export const command = defineCommand({
  positionals: [],
  options: {
    probe: { type: 'string', value: 'ID', summary: 'Only of this probe' },
    service: { type: 'string', value: 'NAME', summary: 'Only of this service' },
  },
  notes: `Logs take one line, snapshots several. With --json every event is one line: {"event":…,"data":…}. Ends with
Ctrl-C; when the connection breaks, it goes on where it stopped.`,
  async run({ client, values: { probe, service, json }, terminal: { out, err } }) {
    const { signal, release } = interruption();
    const query = { probe, service };
    let after: string | undefined;
    const print = async (stream: EventStream): Promise<void> => {
      for await (const { cursor, ...event } of stream) {
        after = cursor ?? after;
        out.print(json === true ? JSON.stringify(event) : renderEvent(event, out));
      }
    };
    try {
      await print(await client.stream(query, { signal })).catch(() => undefined);
      while (!signal.aborted) {
        err.print('The connection is lost; trying again.');
        await sleep(RECONNECT_MS, undefined, { signal });
        await client.stream(query, { after, signal }).then(print).catch(rethrowRefusal);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      release();
    }
  },
});

function renderEvent({ event, data }: StreamEvent, { style }: Screen): string {
  if (event === 'probe') return renderStateChange(data, style);
  return data.kind === 'log' ? renderLogLine(data, style) : `${renderCapture(data, style)}\n`;
}

/** A collector that is away comes back; one that says no means it. */
function rethrowRefusal(error: unknown): void {
  if (error instanceof CollectorError) throw error;
}
