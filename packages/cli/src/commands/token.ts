import { GRANTS, ROLES } from '@dormouse/protocol';

import { parseDuration } from '../ask/quantity.js';
import { grantsNamed, rightsNamed, roleNamed } from '../ask/rights.js';
import { actionNamed, actionPositional } from '../command/action.js';
import { defineCommand, type Invocation, type Options } from '../command/command.js';
import { UsageError } from '../failure.js';
import { renderToken, renderTokens } from '../render/token.js';
import { escapeUnsafe } from '../render/text.js';

const OPTIONS = {
  in: {
    type: 'string',
    value: 'PLACE',
    summary: 'create: where, such as acme/shop/staging; * for everywhere',
  },
  agent: { type: 'boolean', summary: 'create: for the processes of services, in one environment' },
  role: { type: 'string', value: 'ROLE', values: ROLES, summary: 'create: what it may do, default viewer' },
  grant: {
    type: 'string',
    value: 'GRANT',
    values: [...GRANTS, 'none'],
    multiple: true,
    summary: 'create: what else, default what the role comes with',
  },
  service: {
    type: 'string',
    value: 'PATTERN',
    values: 'services',
    multiple: true,
    summary: 'create: in these services only',
  },
  elevation: {
    type: 'string',
    value: 'RIGHTS',
    summary: 'create: what it may ask for for a time, such as admin+values',
  },
  ai: { type: 'boolean', summary: 'create: for an AI agent, at whichever door it asks' },
  own: { type: 'boolean', summary: 'create: never more than you may yourself, and gone with you' },
  expires: {
    type: 'string',
    value: 'TIME',
    summary: 'create: end by itself, such as 90d; default: when revoked',
  },
  overlap: {
    type: 'string',
    value: 'TIME',
    summary: 'rotate: time in which both secrets are good; default 1d',
  },
} as const satisfies Options;

type Asked = Pick<Invocation<typeof OPTIONS>, 'client' | 'values' | 'answer' | 'note'> & {
  readonly which: string | undefined;
};

/** What the first argument asks for. */
const ACTIONS: Readonly<Record<string, (asked: Asked) => Promise<void>>> = {
  async list({ client, answer }) {
    const tokens = await client.tokens();
    answer({ tokens }, (style) => renderTokens(tokens, style));
  },

  async create({ client, which, values, answer, note }) {
    const { in: place, agent, role, grant, service, elevation, ai, own, expires } = values;
    const grants = grantsNamed(grant);
    if (place === undefined) throw new UsageError('Say where: --in acme/shop/staging.');
    const minted = await client.createToken({
      name: required(which, 'NAME is missing: what the token is for.'),
      place,
      ...(agent && { kind: 'agent' as const }),
      ...(role !== undefined && { role: roleNamed(role) }),
      ...(grants !== undefined && { grants }),
      ...(service !== undefined && { services: service }),
      ...(elevation !== undefined && { elevation: rightsNamed(elevation) }),
      ...(ai && { isForAi: true }),
      ...(own && { isOwn: true }),
      ...(expires !== undefined && { expiresInMs: parseDuration('expires', expires) }),
    });
    answer(minted, () => escapeUnsafe(minted.secret));
    note(`This is shown once: keep it now. "dormouse token revoke ${minted.token.id}" ends it.`);
  },

  async rotate({ client, which, values: { overlap }, answer, note }) {
    const overlapMs = overlap === undefined ? undefined : parseDuration('overlap', overlap);
    const minted = await client.rotateToken(required(which), overlapMs);
    answer(minted, () => escapeUnsafe(minted.secret));
    note('This is shown once: keep it now.');
  },

  async revoke({ client, which, answer }) {
    const token = await client.revokeToken(required(which));
    answer(token, (style) => renderToken('Revoked', token, style));
  },
};

export const command = defineCommand({
  positionals: [
    actionPositional(ACTIONS, 'list'),
    { name: 'WHICH', summary: 'create: a name for it; else its id', optional: true },
  ],
  options: OPTIONS,
  notes: `Examples
  dormouse token create ci --in acme/shop/staging --role debugger --expires 90d
  dormouse token create trades --in acme/shop/production --agent
  dormouse token create copilot --in acme/shop/staging --role debugger --ai
  dormouse token create on-call --in acme/shop --elevation admin+values
  dormouse token
  dormouse token rotate t_5f0c --overlap 2h
  dormouse token revoke t_5f0c

The secret alone is written to standard output, so that a script can keep it.`,
  async run({ client, values, positionals: [action = 'list', which], answer, note }) {
    return actionNamed(ACTIONS, action)({ client, values, which, answer, note });
  },
});

function required(which: string | undefined, missing = 'WHICH is missing: the id of the token.'): string {
  if (which === undefined) throw new UsageError(missing);
  return which;
}
