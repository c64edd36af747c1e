import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { errorResponses, json } from '../responses.js';
import type { SignInParts } from './routes.js';
import { code, signedInView, TYPED_BYTES, typedPassword } from './schemas.js';

const body = z.strictObject({ code, password: typedPassword });

export function setPassword(app: FastifyInstance, { site, browsers }: SignInParts): void {
  app.route<{ Body: z.output<typeof body> }>({
    method: 'POST',
    bodyLimit: TYPED_BYTES,
    url: '/set-password',
    schema: {
      operationId: 'setPasswordByCode',
      summary: 'Set a password by a code',
      description:
        'For who was invited, or has forgotten a password: with the code that an admin has handed over. All sessions of the user end.',
      tags: ['access'],
      security: [],
      body,
      response: {
        200: json('Whose password it is now.', signedInView),
        ...errorResponses(['BODY_TOO_LARGE', 'WEAK_PASSWORD']),
      },
    },
    async handler(request) {
      browsers.refuseCrossSite(request);
      browsers.requirePrivate(request);
      const { id, name } = await site.people.users.setPasswordByCode(
        request.body.code,
        request.body.password,
      );
      return { kind: 'user', id, name };
    },
  });
}
