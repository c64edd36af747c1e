import type { CapturedValue, CaptureView } from '@dormouse/protocol';
import { plainStyle, renderCapture, styleFor } from '@dormouse/cli/render';
import { until } from '../lib/api.ts';
import { lineOf } from '../lib/example.ts';
import type { Server } from '../lib/processes.ts';
import { ask, type Investigation } from './ask.ts';
import { followRequests } from './follow-requests.ts';
import { timeLine } from './time-line.ts';

/** The check that decides whether a trade is scored. */
const GATE = 'src/trades/risk/risk-gate.ts';

const style = process.stdout.isTTY ? styleFor(process.stdout) : plainStyle;

/** Large trades before the symptom counts as one. */
const ENOUGH_TRADES = 15;

interface Coverage {
  readonly largeTrades: number;
  readonly scored: number;
  readonly unscored: number;
}

/** What was captured in a request that proved it, and in one that is scored. */
export interface Proof {
  readonly skipped: CaptureView;
  readonly scored: CaptureView;
}

/** From the symptom to the proof. Throws when the evidence does not prove the bug. */
export async function investigate(context: Investigation & { readonly trades: Server }): Promise<Proof> {
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
  if (evidence === undefined) throw new Error('No evidence arrived.');
  say.text(renderCapture(evidence, style));
  prove(text(watched(evidence, 'typeof order.highValue')) === 'string', 'the flag is a string at the check');
  prove(text(watched(evidence, 'order.highValue')) === 'true', 'the flag says "true"');
  say.finding('`"true" === true` is false: this trade is high-value, says so, and skips fraud scoring.');

  say.step('Where does the string come from? All that happens in one such request, in both services');
  const { skipped, scored } = await followRequests(context);
  say.text(`${timeLine(skipped, style)}\n\nand in one that is scored:\n${timeLine(scored, style)}`);
  const copied = skipped.find(({ kind }) => kind === 'snapshot');
  prove(text(watched(copied, 'tag')) === '5118', 'it comes from tag 5118');
  prove(text(watched(copied, 'value')) === 'true', 'the mapping writes the text "true"');
  say.finding(
    'Proved: tag 5118 of a partner fills a boolean field with text, and its trade is never scored.',
  );
  return { skipped: copied!, scored: scored.find(({ service }) => service === 'fraud')! };
}

function watched(capture: CaptureView | undefined, source: string): CapturedValue | undefined {
  return capture?.watches?.find((watch) => watch.source === source)?.value;
}

function text(value: CapturedValue | undefined): string | undefined {
  return value?.type === 'string' ? value.value : undefined;
}

function prove(holds: boolean, claim: string): void {
  if (!holds) throw new Error(`The evidence does not show that ${claim}.`);
}
