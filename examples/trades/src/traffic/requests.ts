import { integerBetween, pick, pickWeighted, seededRandom, type Random } from '../random.js';
import type { OrderType } from '../trades/domain/order.js';
import { INSTRUMENTS } from '../trades/market/instruments.js';
import { PARTNERS } from '../trades/partners/directory.js';
import { formatMessage } from '../trades/partners/message.js';
import * as opening from '../trades/storage/opening-accounts.js';
import { breakRequest } from './break-request.js';
import { makeDraft, type SizeMix } from './draft.js';
import { partnerFields } from './partner-fields.js';

/** What is sent to the trading service. */
export interface RequestContent {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface TradesRequest extends RequestContent {
  readonly kind: RequestKind;
}

/** What clients do, and how often: parts of a hundred. */
const KINDS = {
  marketOrder: 30,
  limitOrder: 14,
  partnerMessage: 12,
  quote: 20,
  portfolio: 8,
  orderList: 5,
  orderStatus: 3,
  cancel: 4,
  invalid: 3,
  report: 1,
} as const;

export type RequestKind = keyof typeof KINDS;

const CLIENT_SIZES: SizeMix = { small: 50, medium: 38, large: 11, huge: 1 };
const PARTNER_SIZES: SizeMix = { small: 20, medium: 40, large: 34, huge: 6 };

/** Limit orders that later requests may ask about or cancel. */
const REMEMBERED = 40;

/** The same `seed` always gives the same `count` requests, in the same order, to the byte. */
export function* requests(seed: number, count: number): Generator<TradesRequest> {
  const clients = new Clients(seed);
  for (let made = 0; made < count; made += 1) yield clients.next();
}

/** All clients of the trading service together. */
class Clients {
  readonly #random: Random;
  readonly #idPrefix: string;
  #ids = 0;
  readonly #limitOrders: { account: string; clientOrderId: string }[] = [];

  readonly #make: Readonly<Record<RequestKind, () => RequestContent>> = {
    marketOrder: () => this.#order('market'),
    limitOrder: () => this.#order('limit'),
    partnerMessage: () => this.#partnerMessage(),
    quote: () => this.#quote(),
    portfolio: () => get('/portfolio', this.#account()),
    orderList: () => get(`/orders?${this.#listQuery()}`, this.#account()),
    orderStatus: () => this.#aboutLimitOrder('GET'),
    cancel: () => this.#aboutLimitOrder('DELETE'),
    invalid: () => breakRequest(this.#order('market'), this.#random),
    report: () => ({ method: 'GET', path: '/reports/fraud-coverage', headers: {} }),
  };

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    this.#idPrefix = `c${seed.toString(36)}`;
  }

  next(): TradesRequest {
    const kind = pickWeighted(this.#random, KINDS);
    return { kind, ...this.#make[kind]() };
  }

  #order(type: OrderType): RequestContent {
    const account = this.#account();
    const draft = makeDraft(this.#newId(), type, CLIENT_SIZES, this.#random);
    if (this.#random() < 0.1) draft.note = 'Please confirm by e-mail.';
    if (this.#random() < 0.02) draft.highValue = true;
    if (type === 'limit') this.#remember(account, draft.clientOrderId);
    return {
      method: 'POST',
      path: '/orders',
      headers: { ...keyOf(account), 'content-type': 'application/json' },
      body: JSON.stringify(draft),
    };
  }

  #partnerMessage(): RequestContent {
    const partner = pick(this.#random, PARTNERS);
    const type = pick(this.#random, ['market', 'market', 'limit'] as const);
    const draft = makeDraft(this.#newId(), type, PARTNER_SIZES, this.#random);
    return {
      method: 'POST',
      path: '/partner-messages',
      headers: { ...keyOf(partner.account), 'content-type': 'text/plain' },
      body: formatMessage(new Map(partnerFields(draft, partner, this.#random))),
    };
  }

  #quote(): RequestContent {
    const { symbol } = pick(this.#random, INSTRUMENTS);
    const side = pick(this.#random, ['buy', 'sell']);
    const quantity = integerBetween(this.#random, 1, 500);
    return { method: 'GET', path: `/quotes/${symbol}?side=${side}&quantity=${quantity}`, headers: {} };
  }

  #listQuery(): string {
    return pick(this.#random, ['limit=10', 'status=open', 'status=filled&limit=5', 'symbol=ALDR']);
  }

  #aboutLimitOrder(method: 'GET' | 'DELETE'): RequestContent {
    const neverSent = { account: 'a001', clientOrderId: 'never-sent' };
    const known = this.#limitOrders.length > 0 ? pick(this.#random, this.#limitOrders) : neverSent;
    return { method, path: `/orders/${known.clientOrderId}`, headers: keyOf(known.account) };
  }

  #remember(account: string, clientOrderId: string): void {
    this.#limitOrders.push({ account, clientOrderId });
    if (this.#limitOrders.length > REMEMBERED) this.#limitOrders.shift();
  }

  #account(): string {
    return this.#random() < 0.8
      ? opening.accountId('a', integerBetween(this.#random, 1, opening.RETAIL_ACCOUNTS))
      : opening.accountId('b', integerBetween(this.#random, 1, opening.PROFESSIONAL_ACCOUNTS));
  }

  #newId(): string {
    this.#ids += 1;
    return `${this.#idPrefix}-${this.#ids}`;
  }
}

function get(path: string, account: string): RequestContent {
  return { method: 'GET', path, headers: keyOf(account) };
}

function keyOf(account: string): Readonly<Record<string, string>> {
  return { 'x-api-key': opening.apiKeyOf(account) };
}
