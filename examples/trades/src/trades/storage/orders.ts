import { DuplicateOrder, NotFound } from '../domain/errors.js';
import type { OrderRecord, OrderStatus } from '../domain/order.js';

export interface OrderFilter {
  readonly symbol?: string;
  readonly status?: OrderStatus;
}

/** All orders, in memory. */
export class OrderStore implements Iterable<OrderRecord> {
  /** By account, then by the client's id, each in the order of arrival. */
  readonly #byAccount = new Map<string, Map<string, OrderRecord>>();
  /** Open limit orders by symbol, and some that were open when last looked at. */
  readonly #resting = new Map<string, Set<OrderRecord>>();

  has(account: string, clientOrderId: string): boolean {
    return this.#byAccount.get(account)?.has(clientOrderId) ?? false;
  }

  get(account: string, clientOrderId: string): OrderRecord {
    const record = this.#byAccount.get(account)?.get(clientOrderId);
    if (!record) throw new NotFound(`Account ${account} has no order ${clientOrderId}.`);
    return record;
  }

  add(record: OrderRecord): OrderRecord {
    const { account, clientOrderId, symbol, type } = record.order;
    if (this.has(account, clientOrderId)) {
      throw new DuplicateOrder(`Account ${account} already sent an order ${clientOrderId}.`);
    }
    entryOf(this.#byAccount, account, () => new Map<string, OrderRecord>()).set(clientOrderId, record);
    if (type === 'limit') entryOf(this.#resting, symbol, () => new Set<OrderRecord>()).add(record);
    return record;
  }

  /** The instrument's limit orders that wait for their price. */
  *resting(symbol: string): Generator<OrderRecord> {
    const resting = this.#resting.get(symbol) ?? new Set();
    for (const record of resting) {
      if (record.status === 'open') yield record;
      else resting.delete(record);
    }
  }

  /** The account's matching orders, newest first. */
  *matching(account: string, { symbol, status }: OrderFilter): Generator<OrderRecord> {
    const records = [...(this.#byAccount.get(account)?.values() ?? [])];
    for (const record of records.reverse()) {
      if (symbol !== undefined && record.order.symbol !== symbol) continue;
      if (status !== undefined && record.status !== status) continue;
      yield record;
    }
  }

  *[Symbol.iterator](): Generator<OrderRecord> {
    for (const records of this.#byAccount.values()) yield* records.values();
  }
}

function entryOf<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = create()));
  return value;
}
