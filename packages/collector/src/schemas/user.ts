import type { InvitationView, LinkView, ProfileView, SessionView, UserView } from '@dormouse/protocol';
import { z } from 'zod';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '../auth/passwords/guessable.js';
import { bindingRequest, bindingRights, bindingView } from './access.js';
import { name, time } from './text.js';

/** People, see `users.ts` of the protocol. */

/** As far as it matters here: mail is never sent. What acts on terminals and pages is in no address. */
export const email = z
  .email({ pattern: z.regexes.html5Email, error: 'must be an address like ann@example.com' })
  .max(254)
  .meta({ description: 'Told apart without regard to case.' });

/** Of people: what no screen shows, or shows in another order, is in no name. */
export const personName = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cf}\p{Co}\u2028\u2029]*$/u, 'must not contain characters that nobody sees');

export const newPassword = z
  .string()
  .max(MAX_PASSWORD_LENGTH)
  .meta({
    description: `At least ${MIN_PASSWORD_LENGTH} characters, and not made of what is tried first.`,
  });

export const userView: z.ZodType<UserView> = z
  .object({
    id: name,
    email: z.string(),
    name: z.string(),
    createdAt: time,
    signedInAt: time.exactOptional(),
    deactivatedAt: time.exactOptional(),
    hasPassword: z.boolean(),
    provider: z.string().meta({ description: 'The provider that knows this person.' }).exactOptional(),
    memberships: z.array(bindingView).meta({ description: 'Those in places where whoever asks may look.' }),
  })
  .meta({ id: 'User' });

export const invitationRequest = z
  .strictObject({ email, name: personName.exactOptional(), ...bindingRequest })
  .meta({ id: 'InvitationRequest' });

export const linkView: z.ZodType<LinkView> = z
  .object({
    path: z.string().meta({ description: 'Below the address of the collector. It works once.' }),
    url: z.string().meta({ description: 'The whole address, if the operator said which.' }).exactOptional(),
    endsAt: time,
  })
  .meta({ id: 'Link' });

export const invitationView: z.ZodType<InvitationView> = z
  .object({
    user: userView,
    link: linkView.meta({ description: 'Where a new user sets a password.' }).exactOptional(),
  })
  .meta({ id: 'Invitation' });

export const profileView: z.ZodType<ProfileView> = z
  .object({
    kind: z.enum(['user', 'token']),
    id: name,
    name: z.string(),
    email: z.string().exactOptional(),
    memberships: z.array(z.object(bindingRights)),
    environments: z
      .array(z.string())
      .meta({ description: 'Those that may be named in the header `Dormouse-Environment`.' }),
    session: name.meta({ description: 'The session that asks.' }).exactOptional(),
  })
  .meta({ id: 'Profile' });

export const sessionView: z.ZodType<SessionView> = z
  .object({
    id: name,
    by: z.enum(['password', 'link', 'provider']),
    createdAt: time,
    usedAt: time,
    endsAt: time,
    address: z.string(),
    browser: z.string(),
    current: z.boolean().meta({ description: 'Whether it is the one that asks.' }),
  })
  .meta({ id: 'Session' });
