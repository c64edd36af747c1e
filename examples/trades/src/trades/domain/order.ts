export type Side = 'buy' | 'sell';
export type OrderType = 'market' | 'limit';
export type OrderStatus = 'open' | 'filled' | 'cancelled' | 'rejected';

/** Where an order came in: our own API, or a partner's message. */
export type Channel = 'api' | 'partner';

/** What a client asks for, before prices and checks. */
export interface OrderDraft {
  /** Chosen by the client; unique within an account. */
  clientOrderId: string;
  symbol: string;
  side: Side;
  type: OrderType;
  quantity: number;
  /** Limit orders only. */
  limitPrice?: number;
  desk?: string;
  strategy?: string;
  note?: string;
  /** Senders may ask for the checks of a high-value trade whatever its amount. */
  highValue?: boolean;
}

/** An order as it is assessed, executed and stored. */
export interface Order extends Readonly<Omit<OrderDraft, 'highValue'>> {
  readonly id: string;
  readonly account: string;
  readonly channel: Channel;
  /** Per unit, in dollars: the limit, or for market orders the price quoted on arrival. */
  readonly price: number;
  /** `price × quantity` in dollars, fees not included. */
  readonly amount: number;
  readonly fee: number;
  readonly highValue: boolean;
  readonly receivedAt: number;
}

/** An order with what became of it. */
export interface OrderRecord {
  readonly order: Order;
  readonly fraudScore: number | null;
  status: OrderStatus;
  filledAt: number | null;
}
