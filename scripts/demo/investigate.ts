import type { CapturedProperty, CapturedValue, CaptureView, ProbeRequest } from '@dormouse/protocol';
import { plainStyle, renderCapture, styleFor } from '@dormouse/cli/render';
import { until } from '../lib/api.ts';
import { lineOf } from '../lib/example.ts';
import type { Server } from '../lib/processes.ts';
import type { Stage } from '../lib/stage.ts';
import type { Narrator } from './narrator.ts';

/** The check that decides whether a trade is scored, and the assignment that fills the flag it reads. */
const GATE = 'src/trades/risk/risk-gate.ts';
const FIELDS = 'src/trades/partners/fields.ts';

/** Large trades before the symptom counts as one. */
const ENOUGH_TRADES = 15;

interface Coverage {
  readonly largeTrades: number;
  readonly scored: number;
  readonly unscored: number;
}

/** From the symptom to the proof. Throws when the evidence does not prove the bug. */
export async function investigate(context: { stage: Stage; trades: Server; say: Narrator }): Promise<void> {
  const { trades, say } = context;

  say.step('The symptom: every trade above 10,000 must be scored for fraud, and some are not');
  const coverage = await until(
    'an unscored large trade',
    async () => {
      const report = await fetch(new URL('/reports/fraud-coverage', trades.url));
      const counts = (await report.json()) as Coverage;
      return counts.unscored > 1 && counts.largeTrades >= ENOUGH_TRADES ? counts : undefined;
    },
    30_000,
  );
  say.text(
    `large trades: ${coverage.largeTrades}, scored: ${coverage.scored}, not scored: ${coverage.unscored}`,
  );
  say.text('No error in any log, no exception, no failed request.');

  const gateLine = lineOf(GATE, 'order.highValue === true');
  say.step('A log where the decision is made: what do large trades look like there?');
  const logs = await ask(
    context,
    {
      kind: 'log',
      service: 'trades',
      location: { file: GATE, line: gateLine },
      condition: 'amount > 10000',
      template:
        '{order.id} {order.channel} {amount}: highValue is {order.highValue}, a {typeof order.highValue}',
      limits: { hits: 8 },
    },
    8,
  );
  say.text(logs.map(({ message }) => message ?? '').join('\n'));
  say.finding('All look alike until one reads the type: now and then the flag is a string.');

  say.step('A conditional snapshot of exactly those: stack, variables, watch expressions');
  const [evidence] = await ask(
    context,
    {
      kind: 'snapshot',
      service: 'trades',
      location: { file: GATE, line: gateLine },
      condition: "amount > 10000 && typeof order.highValue !== 'boolean'",
      watches: ['order.highValue', 'typeof order.highValue', 'order.highValue === true'],
      limits: { hits: 1 },
    },
    1,
  );
  show(say, evidence);
  prove(text(watched(evidence, 'typeof order.highValue')) === 'string', 'the flag is a string at the check');
  prove(text(watched(evidence, 'order.highValue')) === 'true', 'the flag says "true"');
  say.finding('`"true" === true` is false: this trade is high-value, says so, and skips fraud scoring.');

  say.step('Where does the string come from? A snapshot where partners’ fields are copied');
  const [origin] = await ask(
    context,
    {
      kind: 'snapshot',
      service: 'trades',
      location: { file: FIELDS, line: lineOf(FIELDS, 'if (value !== undefined)') },
      condition: "field === 'highValue' && value !== undefined",
      limits: { hits: 1 },
    },
    1,
  );
  show(say, origin);
  prove(text(valueOf(origin?.locals, 'value')) === 'true', 'the mapping writes the text "true"');
  prove(text(valueOf(origin?.locals, 'tag')) === '5118', 'it comes from tag 5118');
  say.finding(
    'Proved: tag 5118 of one partner fills a boolean field with text, by reflection, at fields.ts.',
  );
}

/** Places a probe, waits for its evidence and removes it. */
async function ask(
  { stage: { api }, say }: { stage: Stage; say: Narrator },
  request: ProbeRequest,
  count: number,
): Promise<readonly CaptureView[]> {
  say.command(commandFor(request));
  const { id } = await api.createProbe(request);
  const captures = await until(
    `${count} captures of probe ${id}`,
    async () => {
      const found = await api.captures({ probe: id });
      return found.length >= count ? found : undefined;
    },
    60_000,
  );
  await api.removeProbe(id);
  return captures;
}

/** The same request as a person would type it. */
function commandFor({
  kind,
  service,
  location,
  condition,
  watches = [],
  template,
  limits,
}: ProbeRequest): string {
  return [
    `dormouse ${kind} ${location.file.replace(/^.*\//, '')}:${location.line}`,
    ...(template === undefined ? [] : [quote(template)]),
    `--service ${service}`,
    ...(condition === undefined ? [] : [`--if ${quote(condition)}`]),
    ...watches.map((watch) => `--watch ${quote(watch)}`),
    ...(limits?.hits === undefined ? [] : [`--hits ${limits.hits}`]),
  ].join(' ');
}

function quote(argument: string): string {
  return argument.includes("'") ? `"${argument}"` : `'${argument}'`;
}

function show(say: Narrator, capture: CaptureView | undefined): void {
  if (capture === undefined) throw new Error('No evidence arrived.');
  say.text(renderCapture(capture, process.stdout.isTTY ? styleFor(process.stdout) : plainStyle));
}

function watched(capture: CaptureView | undefined, source: string): CapturedValue | undefined {
  return capture?.watches?.find((watch) => watch.source === source)?.value;
}

function valueOf(
  properties: readonly CapturedProperty[] | undefined,
  key: string,
): CapturedValue | undefined {
  return properties?.find((property) => property.key === key)?.value;
}

function text(value: CapturedValue | undefined): string | undefined {
  return value?.type === 'string' ? value.value : undefined;
}

function prove(holds: boolean, claim: string): void {
  if (!holds) throw new Error(`The evidence does not show that ${claim}.`);
}
