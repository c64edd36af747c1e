import { OTLP_SIGNALS, type OtlpSignal, type OtlpView } from '@dormouse/protocol';

import { parsePairs } from '../ask/pairs.js';
import { defineCommand } from '../command/command.js';
import { nearest } from '../command/nearest.js';
import { UsageError } from '../failure.js';
import { renderOtlp } from '../render/otlp.js';

const ACTIONS = ['show', 'set', 'off'] as const;

export const command = defineCommand({
  positionals: [
    { name: 'ACTION', values: ACTIONS, summary: `${ACTIONS.join(', ')}; default show`, optional: true },
    { name: 'ENDPOINT', summary: 'a receiver of OTLP over HTTP, to set', optional: true },
  ],
  options: {
    header: {
      type: 'string',
      value: 'NAME=VALUE',
      multiple: true,
      summary: 'set: sent with everything; its value is not shown again',
    },
    signal: {
      type: 'string',
      value: 'SIGNAL',
      values: OTLP_SIGNALS,
      multiple: true,
      summary: `set: what is sent, ${OTLP_SIGNALS.join(', ')}; default: all`,
    },
  },
  notes: `Examples
  dormouse otlp set https://otlp.example.com:4318 --header 'api-key=…'
  dormouse otlp set https://otlp.example.com:4318 --signal logs --signal traces
  dormouse otlp                # what was sent, what was refused, and what waits
  dormouse otlp off

Snapshots, logs and violations go out as log records, spans as spans, and what is counted as metrics, with the code.*
attributes of their place. Captured values go with them. Networks that are not public have to be allowed when the
collector is started: --send-to.`,
  async run({ client, values, positionals: [action = 'show', endpoint], answer }) {
    const view = await act();
    answer(view, (style) => renderOtlp(view, style));

    async function act(): Promise<OtlpView> {
      if (action === 'set') return set();
      if (endpoint !== undefined) throw new UsageError(`"${endpoint}" is one argument too many.`);
      if (action === 'show') return client.otlp();
      if (action === 'off') return client.removeOtlp();
      throw new UsageError(`There is no "otlp ${action}".`, nearest(action, ACTIONS));
    }

    async function set(): Promise<OtlpView> {
      if (endpoint === undefined) throw new UsageError('ENDPOINT is missing: where to send it.');
      const { header = [], signal = [] } = values;
      return client.putOtlp({
        endpoint,
        headers: parsePairs('--header', header),
        ...(signal.length > 0 && { signals: signal.map(signalOf) }),
      });
    }
  },
});

/** @throws {UsageError} */
function signalOf(text: string): OtlpSignal {
  const signal = OTLP_SIGNALS.find((one) => one === text);
  if (signal !== undefined) return signal;
  throw new UsageError(
    `--signal ${text} is none of ${OTLP_SIGNALS.join(', ')}.`,
    nearest(text, OTLP_SIGNALS),
  );
}
