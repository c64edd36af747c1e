import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Core } from '../core.js';
import { json } from './responses.js';

const status = (description: string, value: string): unknown =>
  json(description, z.object({ status: z.literal(value) }));

/** For orchestrators, and so without a token: alive means restart me not, ready means send me work. */
export function healthRoutes(app: FastifyInstance, core: Core): void {
  let stopping = false;
  app.addHook('preClose', async () => {
    stopping = true;
  });

  app.route({
    method: 'GET',
    url: '/healthz',
    schema: {
      operationId: 'isAlive',
      summary: 'Whether the process lives',
      description: 'Needs no token.',
      tags: ['collector'],
      security: [],
      response: { 200: status('It does.', 'ok') },
    },
    handler: async () => ({ status: 'ok' }),
  });

  app.route({
    method: 'GET',
    url: '/readyz',
    schema: {
      operationId: 'isReady',
      summary: 'Whether the collector takes work',
      description: 'Needs no token.',
      tags: ['collector'],
      security: [],
      response: {
        200: status('It does.', 'ready'),
        503: status('It is stopping, or its database does not answer.', 'unavailable'),
      },
    },
    async handler(_request, reply) {
      const ready = !stopping && (await answers(core));
      return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'unavailable' });
    },
  });
}

async function answers(core: Core): Promise<boolean> {
  try {
    await core.storage.ping();
    return true;
  } catch (error) {
    core.log.error({ err: error }, 'the database does not answer');
    return false;
  }
}
