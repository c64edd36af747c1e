import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { errorResponses, json } from '../responses.js';
import type { SignInParts } from './routes.js';

const view = z
  .object({
    continueAt: z.string().meta({ description: 'Where the provider signs out, too.' }).exactOptional(),
  })
  .meta({ id: 'SignedOut' });

export function signOut(app: FastifyInstance, { browsers, provider }: SignInParts): void {
  app.route({
    method: 'DELETE',
    url: '/session',
    schema: {
      operationId: 'signOut',
      summary: 'Sign out',
      description: 'Ends the session of this browser, if it has one.',
      tags: ['access'],
      security: [],
      response: { 200: json('It has none any more.', view), ...errorResponses([]) },
    },
    async handler(request, reply) {
      browsers.refuseCrossSite(request);
      const session = await browsers.signOut(request, reply);
      if (provider === undefined || session?.by !== 'provider') return {};
      const url = await provider.signOutUrl(`${browsers.origin(request)}/`).catch((error: unknown) => {
        request.log.warn({ err: error }, 'the provider does not say where it signs out');
      });
      return url === undefined ? {} : { continueAt: url.href };
    },
  });
}
