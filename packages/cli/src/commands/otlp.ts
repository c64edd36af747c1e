import { OTLP_SIGNALS, type OtlpView } from '@dormouse/protocol';

import { parseChoice } from '../ask/choice.js';
import { parsePairs } from '../ask/pairs.js';
import { actionNamed, actionPositional } from '../command/action.js';
import { defineCommand, type Invocation, type Options } from '../command/command.js';
import { UsageError } from '../failure.js';
import { renderOtlp } from '../render/otlp.js';

const OPTIONS = {
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
} as const satisfies Options;

type Asked = Pick<Invocation<typeof OPTIONS>, 'client' | 'values'> & {
  readonly endpoint: string | undefined;
};

/** What the first argument asks for. */
const ACTIONS: Readonly<Record<string, (asked: Asked) => Promise<OtlpView>>> = {
  async show({ client, endpoint }) {
    refuseSurplus(endpoint);
    return client.otlp();
  },

  async set({ client, endpoint, values: { header = [], signal = [] } }) {
    if (endpoint === undefined) throw new UsageError('ENDPOINT is missing: where to send it.');
    return client.putOtlp({
      endpoint,
      headers: parsePairs('--header', header),
      ...(signal.length > 0 && {
        signals: signal.map((text) => parseChoice('signal', text, OTLP_SIGNALS)),
      }),
    });
  },

  async off({ client, endpoint }) {
    refuseSurplus(endpoint);
    return client.removeOtlp();
  },
};

export const command = defineCommand({
  positionals: [
    actionPositional(ACTIONS, 'show'),
    { name: 'ENDPOINT', summary: 'a receiver of OTLP over HTTP, to set', optional: true },
  ],
  options: OPTIONS,
  notes: `Examples
  dormouse otlp set https://otlp.example.com:4318 --header 'api-key=…'
  dormouse otlp set https://otlp.example.com:4318 --signal logs --signal traces
  dormouse otlp                # what was sent, what was refused, and what waits
  dormouse otlp off

Snapshots, logs and violations go out as log records, spans as spans, and what is counted as metrics, with the code.*
attributes of their place. Captured values go with them. Networks that are not public have to be allowed when the
collector is started: --send-to.`,
  async run({ client, values, positionals: [action = 'show', endpoint], answer }) {
    const view = await actionNamed(ACTIONS, action)({ client, values, endpoint });
    answer(view, (style) => renderOtlp(view, style));
  },
});

function refuseSurplus(endpoint: string | undefined): void {
  if (endpoint !== undefined) throw new UsageError(`"${endpoint}" is one argument too many.`);
}
