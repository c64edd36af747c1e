import { LIMITS, type WaitView } from '@dormouse/protocol';

import { parseCount, parseDuration } from '../ask/quantity.js';
import type { Client } from '../client/client.js';
import { defineCommand } from '../command/command.js';
import { EXIT, UsageError } from '../failure.js';
import { renderProbe } from '../render/probe.js';

const REASONS: Readonly<Record<WaitView['reason'], string>> = {
  armed: 'It is armed.',
  answered: 'All processes have said how they stand.',
  hits: 'It has its hits.',
  ended: 'It has ended.',
  timeout: 'The time is over; --timeout waits longer.',
};

export const command = defineCommand({
  positionals: [{ name: 'ID', values: 'probes', summary: 'as "dormouse probes" lists it' }],
  options: {
    hits: { type: 'string', value: 'N', summary: 'Until it has N hits; default 1' },
    armed: { type: 'boolean', summary: 'Until a process has armed it' },
    end: { type: 'boolean', summary: 'Until it ends' },
    timeout: { type: 'string', value: 'TIME', summary: 'Wait no longer than this; default 60s' },
  },
  notes: `Examples
  dormouse wait p_2x8k4m9q1z
  dormouse wait p_2x8k4m9q1z --armed --timeout 10s && ./send-a-request.sh
  dormouse wait p_2x8k4m9q1z --end --timeout 2h --json

Ends with 0 where what was waited for has happened, else with 1.`,
  async run({ client, values: { hits, armed, end, timeout = '60s' }, positionals: [id = ''], answer, note }) {
    if ([hits, armed, end].filter((asked) => asked !== undefined).length > 1)
      throw new UsageError('--hits, --armed and --end: one of them.');
    const until = armed === true || end === true ? {} : { hits: parseCount('hits', hits ?? '1') };
    const waited = await wait(client, id, { ...until, armed }, parseDuration('timeout', timeout));
    answer(waited, (style) => renderProbe(waited.probe, style));
    note(REASONS[waited.reason]);
    const wanted = armed === true ? 'armed' : end === true ? 'ended' : 'hits';
    return waited.reason === wanted ? EXIT.ok : EXIT.failure;
  },
});

/** The collector waits for some time; then it is asked again. */
async function wait(
  client: Client,
  id: string,
  awaited: { readonly hits?: number; readonly armed?: boolean | undefined },
  timeoutMs: number,
): Promise<WaitView> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const left = Math.max(0, deadline - Date.now());
    const waited = await client.waitForProbe(id, { ...awaited, timeoutMs: Math.min(left, LIMITS.waitMs) });
    if (waited.reason !== 'timeout' || Date.now() >= deadline) return waited;
  }
}
