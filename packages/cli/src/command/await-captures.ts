import type { CaptureView, ProbeView } from '@dormouse/protocol';

import { OperationFailed } from '../failure.js';
import { parseDuration } from '../ask/quantity.js';
import { renderCapture } from '../render/capture.js';
import { probeState, renderAccount, renderProbe } from '../render/probe.js';
import type { Invocation, Options } from './command.js';
import { follow, type Ending } from './follow.js';
import { printableJson } from '../render/json.js';

/** Options of the kinds whose few captures one waits for. */
export const WAIT_OPTIONS = {
  wait: {
    type: 'boolean',
    summary: 'Wait for the hits and print them; the default. --no-wait returns at once',
  },
  timeout: { type: 'string', value: 'TIME', summary: 'Wait no longer than this; default 60s' },
} as const satisfies Options;

export const WAIT_NOTES = `While waiting, --hits is 1 unless given, and --json prints one capture per line. A probe that was waited for in
vain stays until it expires; "dormouse captures --probe ID" shows what it found.`;

type Waiting = typeof WAIT_OPTIONS & { readonly hits: { readonly type: 'string' } & Options[string] };

/** The values, with as many hits as one waits for. @param usual unless another number is given */
export const hitsToAwait = <Given extends Invocation<Waiting>['values']>(values: Given, usual = '1'): Given =>
  values.wait === false ? values : { ...values, hits: values.hits ?? usual };

/**
 * Prints the captures of a probe as they come, until it has had its hits; with `--no-wait` the probe itself.
 * @param create what is wrong with the options is said before the probe is placed
 */
export async function awaitCaptures(
  { client, values, terminal, answer, note }: Invocation<Waiting>,
  create: () => Promise<ProbeView>,
): Promise<void> {
  const timeoutMs = parseDuration('timeout', values.timeout ?? '60s');
  const probe = await create();
  if (values.wait === false) return answer(probe, (style) => renderProbe(probe, style));

  const { out } = terminal;
  const { style } = terminal.err;
  let printed = 0;
  const take = (capture: CaptureView): void => {
    const gap = printed > 0 ? '\n' : '';
    out.print(values.json === true ? printableJson(capture) : gap + renderCapture(capture, out.style));
    printed += 1;
  };
  const ending = await follow(client, probe, { take, note, style, timeoutMs });
  if (printed > 0) return;
  const latest = await client.probe(probe.id);
  for (const report of latest.agents) note(renderAccount(report, style));
  throw nothingCaptured(latest, ending);
}

function nothingCaptured(probe: ProbeView, ending: Ending): OperationFailed {
  const state = probeState(probe, Date.now());
  const advice = probe.state === 'active' ? ` "dormouse remove ${probe.id}" ends it.` : '';
  const code = ending === 'timeout' ? 'TIMEOUT' : 'NOTHING_CAPTURED';
  return new OperationFailed(code, `Nothing was captured. Probe ${probe.id} is ${state}.${advice}`);
}
