/** What the hits are measured in: a small function that is given a typical request, and what calls it. */

export function handle(request, n) {
  const amount = request.body.total + n;
  return amount;
}

/** A hundred statements of a call, at each of which two numbers have changed since the one before. */
export function walk(request, n) {
  let total = n;
  for (let line = 0; line < 98; line++) {
    total += request.body.total;
  }
  return total;
}

/** A request as a framework hands it over: 48 values. */
export const makeRequest = (n) => ({
  id: `req-${n}-7f3a9c21`,
  method: 'POST',
  url: '/api/v1/orders?expand=lines',
  httpVersion: '1.1',
  remoteAddress: '10.2.14.7',
  headers: {
    host: 'shop.example',
    'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36',
    accept: 'application/json',
    'accept-encoding': 'gzip, deflate, br',
    'content-type': 'application/json',
    'content-length': '412',
    authorization: 'Bearer abcdefghijklmnop',
    cookie: 'sid=12345',
    'x-request-id': '4bf92f3577b34da6a3ce929d0e0e4736',
    connection: 'keep-alive',
  },
  params: { id: 'o-1001' },
  query: { expand: 'lines' },
  user: {
    id: 42 + n,
    name: 'Ada Lovelace',
    email: 'ada@example.com',
    roles: ['buyer', 'admin'],
    tenant: 'north',
  },
  body: {
    currency: 'EUR',
    coupon: null,
    lines: [
      { sku: 'A-17', quantity: 2, price: 19.99 },
      { sku: 'B-4', quantity: 1, price: 5 },
      { sku: 'C-99', quantity: 10, price: 0.35 },
    ],
    total: 48.48,
    express: true,
  },
  startedAt: 1_767_225_600_000 + n,
});
