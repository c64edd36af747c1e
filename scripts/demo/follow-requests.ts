import type { CaptureView, ProbeRequest } from '@dormouse/protocol';
import type { Api } from '../lib/api.ts';
import { lineOf } from '../lib/example.ts';
import { askTogether, type Investigation } from './ask.ts';

const FIELDS = 'src/trades/partners/fields.ts';

/** Two requests, each with all that was captured in it, in both services. */
export interface Followed {
  /** Of a large trade whose flag is text. */
  readonly skipped: readonly CaptureView[];
  readonly scored: readonly CaptureView[];
}

/** Trades above this amount must be scored, dollars. */
const LARGE = 10_000;

/** Where partners' fields are copied, the order around it, and the scoring in the other service. */
const WAY: readonly ProbeRequest[] = [
  {
    kind: 'snapshot',
    service: 'trades',
    location: { file: FIELDS, line: lineOf(FIELDS, 'if (value !== undefined)') },
    condition: "field === 'highValue' && value !== undefined",
    watches: ['tag', 'field', 'value'],
  },
  {
    kind: 'span',
    service: 'trades',
    location: { file: 'src/trades/orders/order-desk.ts', function: 'OrderDesk.place' },
    attributes: { amount: '$return.order.amount', score: "$return.fraudScore ?? 'none'" },
  },
  {
    kind: 'span',
    service: 'fraud',
    location: { file: 'src/fraud/score-card.ts', function: 'ScoreCard.score' },
  },
];

/** Follows requests through both services until there is one of each sort. */
export function followRequests(context: Investigation): Promise<Followed> {
  const { api } = context.stage;
  return askTogether(context, WAY, 'a request that is scored and one that is not', async (probes) => {
    const [copied = [], , scores = []] = await Promise.all(
      probes.map((probe) => api.captures({ probe: probe.id })),
    );
    const skipped = await firstTrace(api, copied, (score) => score === 'none');
    const scored = await firstTrace(api, scores, (score) => typeof score === 'number');
    return skipped && scored && { skipped, scored };
  });
}

/** All that was captured in the first of these requests in which a large trade was placed with such a score. */
async function firstTrace(
  api: Api,
  captures: readonly CaptureView[],
  isWanted: (score: unknown) => boolean,
): Promise<readonly CaptureView[] | undefined> {
  for (const { traceId } of captures) {
    const trace = traceId === undefined ? [] : await api.captures({ traceId });
    const placed = trace.find(({ span }) => span?.attributes['score'] !== undefined);
    const { amount, score } = placed?.span?.attributes ?? {};
    if (Number(amount) > LARGE && isWanted(score)) return trace;
  }
  return undefined;
}
