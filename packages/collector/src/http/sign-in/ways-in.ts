import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { json } from '../responses.js';
import type { SignInParts } from './routes.js';

const view = z
  .object({
    password: z.boolean().meta({ description: 'By address and password.' }),
    provider: z
      .object({ name: z.string(), path: z.string() })
      .meta({ description: 'By a provider: where the browser is sent, and what people know it as.' })
      .exactOptional(),
  })
  .meta({ id: 'WaysIn' });

/** For the page on which people sign in. */
export function waysIn(app: FastifyInstance, { provider }: SignInParts): void {
  app.route({
    method: 'GET',
    url: '',
    schema: {
      operationId: 'listWaysIn',
      summary: 'How people can sign in',
      description: 'Needs no token.',
      tags: ['access'],
      security: [],
      response: { 200: json('The ways.', view) },
    },
    handler: async () => ({
      password: true,
      ...(provider !== undefined && { provider: { name: provider.name, path: '/auth/provider' } }),
    }),
  });
}
