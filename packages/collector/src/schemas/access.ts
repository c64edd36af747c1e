import { z } from 'zod';
import {
  GRANTS,
  PLACE_KINDS,
  ROLES,
  type BindingView,
  type ElevationView,
  type MintedToken,
  type PlaceView,
  type TokenView,
} from '@dormouse/protocol';
import { name, time } from './text.js';

/** A name of one place: what stands in headers, addresses and shells as it is. */
export const placeName = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/,
    'must be 1 to 64 of a-z, 0-9, ".", "_" and "-", with a letter or digit at both ends',
  );

/** A place as it is written; whether it is there is found out later. */
export const placePath = z.string().max(200).meta({
  description: 'An organisation, a project of it or an environment of that: `acme/shop/production`.',
});

export const bindingPlace = placePath.meta({
  description: 'Where it holds, and in all below: `acme/shop`; `*` is everywhere.',
});

export const role = z.enum(ROLES).meta({ description: 'Each may do all that those before it may.' });

export const grant = z.enum(GRANTS);

export const grants = z.array(grant).max(GRANTS.length).meta({
  description:
    '`values`: to read captured values; `agent-expressions`: conditions, watches and templates by way of an AI agent; `raise-limits`: limits above the defaults.',
});

export const services = z
  .array(name)
  .max(50)
  .meta({ description: 'Patterns, `*` stands for any text: `pay-*`. None: all services.' });

const rights = z.object({ role, grants });

/** What a binding may say in a request; the grants of a role are its defaults. */
export const bindingRequest = {
  place: bindingPlace,
  role: role.default('viewer'),
  grants: grants.exactOptional(),
  services: services.default([]),
  elevation: z
    .strictObject({ role, grants })
    .meta({ description: 'What its owner may ask for, for a time and with a reason.' })
    .exactOptional(),
};

export const bindingRights = {
  place: bindingPlace,
  role,
  grants,
  services,
  elevation: rights.exactOptional(),
};

export const placeView: z.ZodType<PlaceView> = z
  .object({ place: placePath, kind: z.enum(PLACE_KINDS), createdAt: time })
  .meta({ id: 'Place', description: 'An organisation, a project or an environment.' });

export const tokenView: z.ZodType<TokenView> = z
  .object({
    id: name,
    kind: z.enum(['api', 'agent']),
    name,
    owner: name.exactOptional(),
    isForAi: z.literal(true).meta({ description: 'An AI agent uses it.' }).exactOptional(),
    ...bindingRights,
    createdAt: time,
    expiresAt: time.exactOptional(),
    usedAt: time.meta({ description: 'To the minute.' }).exactOptional(),
    formerUntil: time
      .meta({ description: 'Until then the secret before the last rotation is good as well.' })
      .exactOptional(),
  })
  .meta({ id: 'Token', description: 'What is known of a token. Its secret is not.' });

/** Asked for with a new token. */
export const isForAi = z
  .boolean()
  .meta({
    description:
      'An AI agent uses it: at no door does it place expressions without the grant `agent-expressions`, or change who may what.',
  })
  .default(false);

export const mintedToken: z.ZodType<MintedToken> = z
  .object({ token: tokenView, secret: z.string().meta({ description: 'Shown this once.' }) })
  .meta({ id: 'MintedToken', description: 'A token with its secret.' });

export const bindingView: z.ZodType<BindingView> = z
  .object({ id: name, user: name, ...bindingRights, createdAt: time })
  .meta({ id: 'Binding', description: 'What a user may do in a place and in all below it.' });

export const elevationView: z.ZodType<ElevationView> = z
  .object({
    id: name,
    subject: z.object({ kind: z.enum(['token', 'user']), id: name }),
    environment: placePath,
    role,
    grants,
    reason: z.string(),
    startedAt: time,
    endsAt: time,
  })
  .meta({ id: 'Elevation', description: 'More rights in one environment, for a time.' });
