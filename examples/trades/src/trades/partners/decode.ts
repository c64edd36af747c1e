import { MalformedMessage } from '../domain/errors.js';
import type { OrderDraft, OrderType, Side } from '../domain/order.js';
import type { Partner } from './directory.js';
import { assignFields } from './fields.js';
import type { Message } from './message.js';

/** Values of FIX tag 54. */
const SIDES: Readonly<Record<string, Side>> = { '1': 'buy', '2': 'sell' };

/** Values of FIX tag 40. */
const ORDER_TYPES: Readonly<Record<string, OrderType>> = { '1': 'market', '2': 'limit' };

/** @throws MalformedMessage when a tag every order needs is missing or makes no sense. */
export function decodeOrder(message: Message, partner: Partner): OrderDraft {
  const draft: OrderDraft = {
    clientOrderId: text(message, '11'),
    symbol: text(message, '55'),
    side: oneOf(message, '54', SIDES),
    type: oneOf(message, '40', ORDER_TYPES),
    quantity: positive(message, '38'),
  };
  if (draft.type === 'limit') draft.limitPrice = positive(message, '44');
  return assignFields(draft, message, partner.customTags);
}

function text(message: Message, tag: string): string {
  const value = message.get(tag);
  if (!value) throw new MalformedMessage(`Tag ${tag} is missing.`);
  return value;
}

function positive(message: Message, tag: string): number {
  const value = Number(text(message, tag));
  if (!(value > 0 && value < Infinity)) throw new MalformedMessage(`Tag ${tag} is not a positive number.`);
  return value;
}

function oneOf<T>(message: Message, tag: string, values: Readonly<Record<string, T>>): T {
  const value = values[text(message, tag)];
  if (value === undefined) throw new MalformedMessage(`Tag ${tag} has none of the values we know.`);
  return value;
}
