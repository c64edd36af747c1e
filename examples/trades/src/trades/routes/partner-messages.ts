import type { FastifyInstance } from 'fastify';

import type { OrderDesk } from '../orders/order-desk.js';
import { decodeOrder } from '../partners/decode.js';
import { partnerOf } from '../partners/directory.js';
import { parseMessage } from '../partners/message.js';
import { presentOrder } from './orders.js';
import { orderSchema } from './schemas.js';

const messageSchema = { type: 'string', minLength: 1, maxLength: 2_000 } as const;

export function partnerMessageRoutes(app: FastifyInstance, desk: OrderDesk): void {
  app.post<{ Body: string }>(
    '/partner-messages',
    { schema: { body: messageSchema, response: { 201: orderSchema } } },
    async ({ account, body }, reply) => {
      const draft = decodeOrder(parseMessage(body), partnerOf(account.id));
      const record = await desk.place(draft, account, 'partner');
      return reply.code(201).send(presentOrder(record));
    },
  );
}
