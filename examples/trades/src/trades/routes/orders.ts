import type { FastifyInstance } from 'fastify';

import type { OrderDraft, OrderRecord, OrderStatus } from '../domain/order.js';
import type { OrderDesk } from '../orders/order-desk.js';
import type { OrderStore } from '../storage/orders.js';
import { orderDraftSchema, orderSchema } from './schemas.js';

interface ListQuery {
  readonly symbol?: string;
  readonly status?: OrderStatus;
  readonly limit: number;
}

const listQuerySchema = {
  type: 'object',
  properties: {
    symbol: { type: 'string' },
    status: { enum: ['open', 'filled', 'cancelled', 'rejected'] },
    limit: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
  },
} as const;

const listSchema = {
  type: 'object',
  properties: { orders: { type: 'array', items: orderSchema }, more: { type: 'boolean' } },
} as const;

export function orderRoutes(app: FastifyInstance, desk: OrderDesk, orders: OrderStore): void {
  app.post<{ Body: OrderDraft }>(
    '/orders',
    { schema: { body: orderDraftSchema, response: { 201: orderSchema } } },
    async (request, reply) => {
      const record = await desk.place(request.body, request.account, 'api');
      return reply.code(201).send(presentOrder(record));
    },
  );

  app.get<{ Querystring: ListQuery }>(
    '/orders',
    { schema: { querystring: listQuerySchema, response: { 200: listSchema } } },
    async ({ account, query: { limit, ...filter } }) => {
      const page: OrderRecord[] = [];
      for (const record of orders.matching(account.id, filter)) {
        page.push(record);
        if (page.length > limit) break;
      }
      return { orders: page.slice(0, limit).map(presentOrder), more: page.length > limit };
    },
  );

  app.get<{ Params: { clientOrderId: string } }>(
    '/orders/:clientOrderId',
    { schema: { response: { 200: orderSchema } } },
    async ({ account, params }) => presentOrder(orders.get(account.id, params.clientOrderId)),
  );

  app.delete<{ Params: { clientOrderId: string } }>(
    '/orders/:clientOrderId',
    { schema: { response: { 200: orderSchema } } },
    async ({ account, params }) => presentOrder(desk.cancel(account, params.clientOrderId)),
  );
}

export function presentOrder({ order, fraudScore, status, filledAt }: OrderRecord): object {
  return { ...order, fraudScore, status, filledAt };
}
