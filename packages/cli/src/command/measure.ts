import { setTimeout as sleep } from 'node:timers/promises';

import type { CaptureView, MetricKind, ProbeRequest, ProbeView } from '@dormouse/protocol';

import { EVENT_OPTION } from '../ask/place.js';
import { commonRequest, PROBE_OPTIONS } from '../ask/probe-options.js';
import { parseCount, parseDuration } from '../ask/quantity.js';
import { chooseService } from '../ask/service.js';
import type { Client } from '../client/client.js';
import { storedCaptures } from '../client/evidence.js';
import { renderMetrics } from '../render/metrics.js';
import type { Invocation, Options } from './command.js';
import { follow } from './follow.js';
import { settled } from './settled.js';
import type { Screen } from './terminal.js';
import { printableJson } from '../render/json.js';

const { hits: _hits, 'hits-each': _each, rate: _rate, ...UNLIMITED } = PROBE_OPTIONS;

/** What all metrics have in common. Their hits need no limit. */
export const MEASURE_OPTIONS = {
  ...UNLIMITED,
  by: { type: 'string', value: 'EXPR', summary: 'A series for each value of this' },
  keys: { type: 'string', value: 'N', summary: 'With --by: series that are told apart; default 50' },
  for: { type: 'string', value: 'TIME', summary: 'Stop after this time; default: with Ctrl-C' },
  keep: { type: 'boolean', summary: 'Leave the probe where it is; default: it is removed at the end' },
} as const satisfies Options;

/** Of those metrics that are not of calls alone. */
export const PLACED_MEASURE_OPTIONS = { ...MEASURE_OPTIONS, on: EVENT_OPTION } as const satisfies Options;

export const MEASURE_NOTES = `On a terminal the figures change as they come; elsewhere they are printed at the end. With --json every window, of about
a second and one process, is printed as one line. A probe that was left with --keep goes on counting.`;

/** Pause between two looks at the figures, ms. */
const LOOK_EVERY_MS = 1_000;

/** Time that the last windows have to arrive, and pause between two looks for them, ms. */
const LAST_WINDOW_MS = 2_000;
const LOOK_AGAIN_MS = 100;

type Measuring = Pick<Invocation<typeof MEASURE_OPTIONS>, 'client' | 'values' | 'terminal' | 'note'>;

/** What the metrics do not have in common: where they are taken, and what is read there. */
interface Measured extends Pick<ProbeRequest, 'location' | 'on' | 'until' | 'within' | 'value'> {
  readonly kind: MetricKind;
}

/** Places a metric and shows its figures until Ctrl-C or the end of the time, or of the probe. */
export async function measure(
  { client, values, terminal: { out, err }, note }: Measuring,
  measured: Measured,
): Promise<void> {
  const timeoutMs = values.for === undefined ? undefined : parseDuration('for', values.for);
  const request = { ...measured, ...measureRequest(values) };
  const service = await chooseService(client, measured.location.file, values.service);
  const probe = await client.createProbe({ service, ...request });

  const display = values.json === true ? windowLines(client, probe, out) : liveFigures(client, probe, out);
  const tell = (text: string): void => {
    out.erase();
    note(text);
  };
  await follow(client, probe, { take: display.take, note: tell, style: err.style, timeoutMs }).finally(
    display.stop,
  );
  if (values.keep !== true) await removeAndWait(client, probe);
  await display.finish();
}

/** What becomes of a metric's windows. */
interface Display {
  readonly take: (capture: CaptureView) => void;
  /** No more windows are taken. */
  readonly stop: () => Promise<void>;
  /** Shows what is there in the end, with what has come since. */
  readonly finish: () => Promise<void>;
}

/** Every window on a line of its own. */
function windowLines(client: Client, { id }: ProbeView, { print }: Screen): Display {
  const printed = new Set<string>();
  const take = (capture: CaptureView): void => {
    if (printed.has(capture.id)) return;
    printed.add(capture.id);
    print(printableJson(capture));
  };
  return {
    take,
    stop: async () => {},
    async finish() {
      for await (const capture of storedCaptures(client, id)) take(capture);
    },
  };
}

/** The figures of all windows together, drawn anew when there are others. */
function liveFigures(client: Client, { id }: ProbeView, screen: Screen): Display {
  const { style } = screen;
  let hasNews = false;
  const { stop } = repeat(async () => {
    if (!hasNews || !screen.isTerminal) return;
    hasNews = false;
    screen.draw(renderMetrics(await client.metrics(id), style));
  }, LOOK_EVERY_MS);
  return {
    take: () => {
      hasNews = true;
    },
    stop,
    finish: async () => screen.print(renderMetrics(await client.metrics(id), style)),
  };
}

function measureRequest(values: Measuring['values']): Partial<ProbeRequest> {
  const { by, keys } = values;
  return {
    ...(by !== undefined && { by }),
    ...(keys !== undefined && { keys: parseCount('keys', keys) }),
    ...commonRequest(values),
  };
}

/** Removes the probe; what its processes then send is waited for, but not for long. */
async function removeAndWait(client: Client, probe: ProbeView): Promise<void> {
  const { agents } = await settled(client, probe);
  const sent = agents.reduce((sum, { captured }) => sum + captured, 0);
  const until = Date.now() + LAST_WINDOW_MS;
  while ((await client.metrics(probe.id)).windows < sent && Date.now() < until) await sleep(LOOK_AGAIN_MS);
}

/** Does something again and again, never twice at once; what fails is tried again the next time. */
function repeat(action: () => Promise<void>, everyMs: number): { readonly stop: () => Promise<void> } {
  let running = Promise.resolve();
  let isBusy = false;
  const timer = setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    running = action()
      .catch(() => {})
      .finally(() => {
        isBusy = false;
      });
  }, everyMs);
  return {
    stop() {
      clearInterval(timer);
      return running;
    },
  };
}
