import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { requireOpenedByPerson } from '../../auth/sessions/cross-site.js';
import type { LinkCode } from '../../auth/sessions/link.js';
import { backToSignIn, onward } from './redirect.js';
import { returnPath } from './return-path.js';
import type { SignInParts } from './routes.js';

const query = z.strictObject({ code: z.string().max(100), returnTo: z.string().max(2_000).exactOptional() });

export function byLink(app: FastifyInstance, parts: SignInParts): void {
  const { site, browsers } = parts;
  app.route<{ Querystring: z.output<typeof query> }>({
    method: 'GET',
    url: '/link',
    schema: {
      operationId: 'signInByLink',
      summary: 'Sign in by a link',
      description:
        'Where links of `createConsoleLink` lead: begins a session of this browser as whoever asked for the link, and goes on to `returnTo`, a path of the collector. A link works once, for five minutes.',
      tags: ['access'],
      security: [],
      querystring: query,
      response: onward,
    },
    async handler(request, reply) {
      requireOpenedByPerson(request);
      browsers.requirePrivate(request);
      const content = await site.people.codes.take<LinkCode>('link', request.query.code);
      if (content === undefined) return backToSignIn(parts, request, reply, 'link');
      await browsers.signIn(request, reply, content.subject, 'link');
      return reply.redirect(returnPath(request.query.returnTo), 303);
    },
  });
}
