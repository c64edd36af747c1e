/** A request that was understood and cannot be done. Subclasses say what the client is told. */
export abstract class TradeError extends Error {
  abstract readonly code: string;
  abstract readonly status: number;
  override get name(): string {
    return this.constructor.name;
  }
}

export class NotAuthenticated extends TradeError {
  readonly code = 'NOT_AUTHENTICATED';
  readonly status = 401;
}

export class NotFound extends TradeError {
  readonly code = 'NOT_FOUND';
  readonly status = 404;
}

export class DuplicateOrder extends TradeError {
  readonly code = 'DUPLICATE_ORDER';
  readonly status = 409;
}

export class OrderNotOpen extends TradeError {
  readonly code = 'ORDER_NOT_OPEN';
  readonly status = 409;
}

export class UnknownSymbol extends TradeError {
  readonly code = 'UNKNOWN_SYMBOL';
  readonly status = 422;
}

export class MalformedMessage extends TradeError {
  readonly code = 'MALFORMED_MESSAGE';
  readonly status = 422;
}

/** The order is well formed and our rules refuse it. */
export class OrderRefused extends TradeError {
  readonly status = 422;
  readonly code: 'INSUFFICIENT_FUNDS' | 'INSUFFICIENT_POSITION' | 'EXPOSURE_LIMIT' | 'FRAUD_SUSPECTED';

  constructor(code: OrderRefused['code'], message: string) {
    super(message);
    this.code = code;
  }
}

export class FraudServiceUnavailable extends TradeError {
  readonly code = 'FRAUD_SERVICE_UNAVAILABLE';
  readonly status = 503;
}
