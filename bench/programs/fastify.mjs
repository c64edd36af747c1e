/** A small service: the routes that `bench/http.ts` puts under load. */
import Fastify from 'fastify';

const LINE = {
  type: 'object',
  properties: { sku: { type: 'string' }, price: { type: 'number' }, quantity: { type: 'integer' } },
  required: ['sku', 'price'],
};
const ORDER = { type: 'object', properties: { lines: { type: 'array', items: LINE } }, required: ['lines'] };
const TOTAL = {
  type: 'object',
  properties: { total: { type: 'number' }, lines: { type: 'array', items: LINE } },
};

export function createService() {
  const service = Fastify();
  service.addHook('onRequest', async (request) => {
    request.started = performance.now();
  });
  service.get('/items/:id', { schema: { response: { 200: LINE } } }, ({ params }) => itemOf(params.id));
  service.post('/orders', { schema: { body: ORDER, response: { 200: TOTAL } } }, async ({ body }) => {
    const lines = body.lines.map(priced);
    return { total: lines.reduce((sum, { amount }) => sum + amount, 0), lines };
  });
  return service;
}

function itemOf(sku) {
  return { sku, price: 9.5, quantity: sku.length };
}

function priced({ sku, price, quantity = 1 }) {
  const discount = quantity > 10 ? 0.9 : 1;
  const amount = Math.round(price * quantity * discount * 100) / 100;
  return { sku, price, quantity, amount };
}

export const first = async () => (await createService().inject('/items/a1')).statusCode;
