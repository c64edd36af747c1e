import { MAX_CAPTURE_LIMITS } from '@dormouse/protocol';
import { prepareLooks } from '@dormouse/expression/inspect';
import { openCapture } from './session.js';

/** After as many captures most of what a capture does is compiled. */
const ROUNDS = 3;

let isWarm = false;

/**
 * Captures some of everything, so that no request pays for code that runs for the first time: the first capture of a
 * process takes twenty times as long as the fifth, and longer than a capture may. To be called off the hit path,
 * before the first probe is armed: it takes some milliseconds once, then does nothing.
 */
export function warmUp(): void {
  if (isWarm) return;
  isWarm = true;
  prepareLooks();
  for (let round = 0; round < ROUNDS; round++) openCapture(MAX_CAPTURE_LIMITS).variable('sample', SAMPLE);
}

/** What requests are made of. Made at load: later a program may have constructors of its own. */
const SAMPLE = {
  id: 1,
  line: 'POST /orders?expand=lines HTTP/1.1',
  credentials: 'user@example.com, 4111 1111 1111 1111, token=a1b2c3d4e5f6',
  amount: 48.5,
  plain: [true, false, null, undefined, -0, 10n, Symbol('sample')],
  lines: [{ sku: 'A-17', quantity: 2 }],
  headers: new Map([['content-type', 'application/json']]),
  roles: new Set(['buyer']),
  body: new Uint8Array(8),
  at: new Date(0),
  pattern: /sample/u,
  error: new Error('sample'),
  done: Promise.resolve(),
  warmUp,
};
