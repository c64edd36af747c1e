/** JSON schemas that more than one route uses. */

const dollars = { type: 'number' } as const;

export const orderDraftSchema = {
  type: 'object',
  required: ['clientOrderId', 'symbol', 'side', 'type', 'quantity'],
  additionalProperties: false,
  properties: {
    clientOrderId: { type: 'string', pattern: '^[A-Za-z0-9-]{1,40}$' },
    symbol: { type: 'string', pattern: '^[A-Z]{1,6}$' },
    side: { enum: ['buy', 'sell'] },
    type: { enum: ['market', 'limit'] },
    quantity: { type: 'integer', minimum: 1, maximum: 1_000_000 },
    limitPrice: { type: 'number', exclusiveMinimum: 0 },
    desk: { type: 'string', maxLength: 40 },
    strategy: { type: 'string', maxLength: 40 },
    note: { type: 'string', maxLength: 200 },
    highValue: { type: 'boolean' },
  },
  if: { properties: { type: { const: 'limit' } } },
  then: { required: ['limitPrice'] },
  else: { not: { required: ['limitPrice'] } },
} as const;

export const orderSchema = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    clientOrderId: { type: 'string' },
    account: { type: 'string' },
    channel: { type: 'string' },
    symbol: { type: 'string' },
    side: { type: 'string' },
    type: { type: 'string' },
    quantity: { type: 'integer' },
    price: dollars,
    amount: dollars,
    fee: dollars,
    desk: { type: 'string' },
    strategy: { type: 'string' },
    note: { type: 'string' },
    highValue: { type: 'boolean' },
    fraudScore: { type: ['number', 'null'] },
    status: { type: 'string' },
    receivedAt: { type: 'integer' },
    filledAt: { type: ['integer', 'null'] },
  },
} as const;
