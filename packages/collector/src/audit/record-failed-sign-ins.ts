import type { FastifyInstance } from 'fastify';
import { CollectorError } from '../collector-error.js';
import type { FailedSignIns } from './failed-sign-ins.js';

/** What an address is told that did not get in. */
const NOT_IN = new Set([401, 403, 429]);

/** Writes down who does not get in at the doors where people prove who they are. */
export function recordFailedSignIns(app: FastifyInstance, failedSignIns: FailedSignIns): void {
  app.addHook('onError', async ({ ip }, _reply, error) => {
    if (!(error instanceof CollectorError) || !NOT_IN.has(error.status)) return;
    failedSignIns.add({ address: ip, door: 'console', code: error.code });
  });
}
