import { pick, type Random } from '../random.js';
import type { RequestContent } from './requests.js';

type Breakage = (request: RequestContent) => RequestContent;

/** Mistakes that clients make with orders. */
const BREAKAGES: readonly Breakage[] = [
  changing({ symbol: 'NOPE' }),
  changing({ quantity: -5 }),
  changing({ quantity: 2.5 }),
  changing({ side: 'hold' }),
  changing({ limitPrice: 10 }),
  changing({ clientOrderId: undefined }),
  changing({ clientOrderId: 'no spaces, please' }),
  changing({ price: 1 }),
  (request) => ({ ...request, body: request.body?.slice(0, -4) ?? '' }),
  (request) => ({ ...request, headers: { ...request.headers, 'x-api-key': 'guessed' } }),
  (request) => ({ ...request, path: '/order' }),
  (request) => ({
    method: 'POST',
    path: '/partner-messages',
    headers: { ...request.headers, 'content-type': 'text/plain', 'x-api-key': 'example-key-p001' },
    body: '11=M-1|55=ALDR|54=1|38=10|40=1|10=000',
  }),
];

/** The same order, with a mistake in it. */
export function breakRequest(request: RequestContent, random: Random): RequestContent {
  return pick(random, BREAKAGES)(request);
}

function changing(fields: Readonly<Record<string, unknown>>): Breakage {
  return (request) => ({
    ...request,
    body: JSON.stringify({ ...(JSON.parse(request.body ?? '{}') as object), ...fields }),
  });
}
