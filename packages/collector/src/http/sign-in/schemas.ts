import { z } from 'zod';
import { MAX_PASSWORD_LENGTH } from '../../auth/passwords/guessable.js';
import { name } from '../../schemas/text.js';

/** Bytes of a body in which there is only what somebody types. */
export const TYPED_BYTES = 4_096;

/** Of what somebody types. Whether it is right is not said here. */
export const typedEmail = z.string().min(1).max(320);
export const typedPassword = z.string().min(1).max(MAX_PASSWORD_LENGTH);

/** A code as links carry it. */
export const code = z.string().regex(/^[\w-]{43}$/, 'must be a code as the collector has made it');

export const signedInView = z
  .object({ kind: z.enum(['user', 'token']), id: name, name: z.string() })
  .meta({ id: 'SignedIn' });
