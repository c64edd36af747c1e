import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Those that were cut off get so long to put away what they had begun, and are looked at so often, ms. */
const PUT_AWAY_WITHIN_MS = 1_000;
const LOOK_EVERY_MS = 10;

/** Requests that are still being worked on, even if nobody waits for their answer any more. */
export class UnderWay {
  readonly #requests = new Set<FastifyRequest>();

  constructor(app: FastifyInstance) {
    app.addHook('onRequest', async (request, reply) => {
      this.#requests.add(request);
      // A stream has no other end.
      reply.raw.once('close', () => {
        if (reply.sent) this.#requests.delete(request);
      });
    });
    app.addHook('onSend', async (request) => {
      this.#requests.delete(request);
    });
  }

  /** Resolves when there are none any more, or after a second. */
  async over(): Promise<void> {
    const until = performance.now() + PUT_AWAY_WITHIN_MS;
    while (this.#requests.size > 0 && performance.now() < until) await sleep(LOOK_EVERY_MS);
    // What the last one was about to write down.
    await nextTurn();
  }
}
