import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { errorResponses } from '../responses.js';
import type { SignInParts } from './routes.js';

/** Why somebody is not signed in, for the page on which they try again. */
export type Trouble = 'link' | 'provider' | 'stranger';

/** The answer of a route that browsers are sent on from. */
export const onward = {
  303: { description: 'Onward, signed in or not.', content: { 'text/plain': { schema: z.literal('') } } },
  ...errorResponses([]),
};

/** To the page on which people sign in. What went wrong in detail is for the log: whoever stands there has proved nothing. */
export function backToSignIn(
  { site: { audit } }: SignInParts,
  request: FastifyRequest,
  reply: FastifyReply,
  trouble: Trouble,
): FastifyReply {
  const code = trouble === 'stranger' ? 'FORBIDDEN' : 'UNAUTHENTICATED';
  audit.failedSignIns.add({ address: request.ip, door: 'console', code });
  return reply.redirect(`/?trouble=${trouble}`, 303);
}
