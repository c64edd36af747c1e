import { parseLocation } from '../ask/location.js';
import { EVENT_OPTION, parseEvent } from '../ask/place.js';
import { commonRequest, PROBE_OPTIONS } from '../ask/probe-options.js';
import { defineCommand } from '../command/command.js';
import { UsageError } from '../failure.js';
import { renderProbe } from '../render/probe.js';

export const command = defineCommand({
  positionals: [
    { name: 'ID', values: 'probes', summary: 'active or ended, as "dormouse probes --all" lists it' },
  ],
  options: {
    ...PROBE_OPTIONS,
    service: { type: 'string', value: 'NAME', values: 'services', summary: 'In another service' },
    at: { type: 'string', value: 'FILE:LINE', summary: 'At another place; FILE:FUNCTION for calls' },
    on: EVENT_OPTION,
    change: {
      type: 'string',
      value: 'JSON',
      summary: 'Other fields of its request, as the API has them; null takes one away',
    },
  },
  notes: `Examples
  dormouse duplicate p_2x8k4m9q1z                               # once more, as it was
  dormouse duplicate p_2x8k4m9q1z --at risk.ts:57 --if 'amount > 50000' --hits 5
  dormouse duplicate p_2x8k4m9q1z --change '{"condition": null, "watches": ["order.id"]}'`,
  async run({ client, values, positionals: [id = ''], answer }) {
    const { service, at, on, change = '{}' } = values;
    const probe = await client.duplicateProbe(id, {
      ...(service !== undefined && { service }),
      ...(at !== undefined && placeChange(at)),
      ...(on !== undefined && { on: parseEvent(on) }),
      ...commonRequest(values),
      ...parseChange(change),
    });
    answer(probe, (style) => renderProbe(probe, style));
  },
});

/** All of the old place goes. */
const placeChange = (at: string): object => ({
  location: { line: null, column: null, function: null, ...parseLocation(at) },
});

function parseChange(text: string): object {
  const change = ((): unknown => {
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new UsageError(`--change is no JSON: ${(error as Error).message}.`);
    }
  })();
  if (typeof change === 'object' && change !== null && !Array.isArray(change)) return change;
  throw new UsageError('--change is a JSON object, such as {"condition": null}.');
}
