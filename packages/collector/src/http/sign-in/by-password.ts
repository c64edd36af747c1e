import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { errorResponses, json } from '../responses.js';
import type { SignInParts } from './routes.js';
import { signedInView, typedEmail, TYPED_BYTES, typedPassword } from './schemas.js';

const body = z.strictObject({ email: typedEmail, password: typedPassword });

export function byPassword(app: FastifyInstance, { site, browsers }: SignInParts): void {
  app.route<{ Body: z.output<typeof body> }>({
    method: 'POST',
    bodyLimit: TYPED_BYTES,
    url: '/password',
    schema: {
      operationId: 'signInByPassword',
      summary: 'Sign in by password',
      description:
        'Begins a session of this browser, which a cookie carries from then on. For pages of the collector only; scripts use tokens.',
      tags: ['access'],
      security: [],
      body,
      response: { 200: json('Who has signed in.', signedInView), ...errorResponses(['BODY_TOO_LARGE']) },
    },
    async handler(request, reply) {
      browsers.refuseCrossSite(request);
      browsers.requirePrivate(request);
      const { email, password } = request.body;
      const { id, name } = await site.people.users.signIn(email, password, request.ip);
      await browsers.signIn(request, reply, { kind: 'user', id }, 'password');
      return { kind: 'user', id, name };
    },
  });
}
