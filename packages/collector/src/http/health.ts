import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Storages } from '../storage/contract/storages.js';
import type { Log } from '../log.js';
import { json } from './responses.js';

/** Why no work is taken. */
const reason = z.enum(['draining', 'database']).meta({
  description: '`draining`: it is stopping; `database`: that does not answer.',
});

type Reason = z.output<typeof reason>;

const alive = z.object({ status: z.literal('ok') });
const ready = z.object({ status: z.literal('ready') });
const unavailable = z.object({ status: z.literal('unavailable'), reason });

/** A database that takes longer does not answer, ms. */
const ANSWERS_WITHIN_MS = 2_000;

export interface Health {
  /** From now on the collector is not ready: whoever spreads work gives it none. */
  drain(): void;
}

/** For orchestrators, and so without a token: alive means restart me not, ready means send me work. */
export function healthRoutes(app: FastifyInstance, storages: Storages): Health {
  let isDraining = false;

  app.route({
    method: 'GET',
    url: '/healthz',
    schema: {
      operationId: 'isAlive',
      summary: 'Whether the process lives',
      description: 'Needs no token.',
      tags: ['collector'],
      security: [],
      response: { 200: json('It does.', alive) },
    },
    handler: async () => ({ status: 'ok' }),
  });

  app.route({
    method: 'GET',
    url: '/readyz',
    schema: {
      operationId: 'isReady',
      summary: 'Whether the collector takes work',
      description:
        'Its database answers, in the version that this collector brought it to before it listened, and it is not ' +
        'about to stop. Needs no token.',
      tags: ['collector'],
      security: [],
      response: {
        200: json('It does.', ready),
        503: json('It does not.', unavailable),
      },
    },
    async handler(_request, reply) {
      const why = isDraining ? 'draining' : await databaseTrouble(storages, app.log);
      return why === undefined
        ? reply.send({ status: 'ready' })
        : reply.code(503).send({ status: 'unavailable', reason: why });
    },
  });

  return {
    drain() {
      isDraining = true;
    },
  };
}

async function databaseTrouble(storages: Storages, log: Log): Promise<Reason | undefined> {
  try {
    await Promise.race([storages.ping(), lateness()]);
    return undefined;
  } catch (error) {
    log.error({ err: error }, 'the database does not answer');
    return 'database';
  }
}

async function lateness(): Promise<never> {
  await sleep(ANSWERS_WITHIN_MS, undefined, { ref: false });
  throw new Error(`There was no answer within ${ANSWERS_WITHIN_MS} ms.`);
}
