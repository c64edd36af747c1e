import { pick, type Random } from '../random.js';
import type { OrderDraft } from '../trades/domain/order.js';
import { instrumentOf } from '../trades/market/instruments.js';
import type { Partner } from '../trades/partners/directory.js';

type Fields = Generator<[tag: string, value: string]>;

const DESKS = ['equities-1', 'equities-2', 'wealth', 'prime'];
const STRATEGIES = ['vwap', 'twap', 'opening', 'discretionary'];

/** Dollars from which Harbour Street calls an order a block. */
const BLOCK_FROM = 15_000;

/** The tagged values that a partner's own system sends for an order. */
export function* partnerFields(draft: OrderDraft, partner: Partner, random: Random): Fields {
  yield ['11', draft.clientOrderId];
  yield ['55', draft.symbol];
  yield ['54', draft.side === 'buy' ? '1' : '2'];
  yield ['38', String(draft.quantity)];
  yield ['40', draft.type === 'market' ? '1' : '2'];
  if (draft.limitPrice !== undefined) yield ['44', String(draft.limitPrice)];
  const customFields = CUSTOM_FIELDS[partner.id];
  if (customFields) yield* customFields(draft, random);
}

const CUSTOM_FIELDS: Readonly<Record<string, (draft: OrderDraft, random: Random) => Fields>> = {
  *meridian(_draft, random) {
    yield ['5011', pick(random, DESKS)];
    yield ['5012', pick(random, STRATEGIES)];
  },
  *harbour(draft, random) {
    yield ['5100', pick(random, DESKS)];
    yield ['5104', pick(random, STRATEGIES)];
    if (draft.quantity * instrumentOf(draft.symbol).referencePrice < BLOCK_FROM) return;
    yield ['5105', 'Block; worked by hand.'];
    yield ['5118', 'true'];
  },
  *oakline(_draft, random) {
    yield ['6001', pick(random, DESKS)];
  },
};
