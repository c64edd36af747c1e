import { DEFAULT_GRANTS } from '@dormouse/protocol';
import { StartError } from '../start-error.js';
import type { Directory } from '../storage/contract/directory/directory.js';
import { DEFAULT_ENVIRONMENT, EVERYWHERE, type PlaceId } from '../storage/contract/directory/places.js';
import type { StoredToken } from '../storage/contract/directory/tokens.js';
import type { Binding } from './binding.js';
import { hashToken, mintToken, type TokenKind } from './token.js';

/** Shortest token a person may choose, characters. */
const MIN_CHOSEN_LENGTH = 32;

/** The tokens that a collector begins with. */
const FIRST = {
  admin: { kind: 'api', place: EVERYWHERE, role: 'admin', grants: DEFAULT_GRANTS.admin, services: [] },
  agent: { kind: 'agent', place: DEFAULT_ENVIRONMENT, role: 'viewer', grants: [], services: [] },
} as const satisfies Readonly<Record<string, Binding & { readonly kind: TokenKind }>>;

type First = keyof typeof FIRST;

/** By whom they are for. */
type FirstTokens = { readonly [Kind in First as `${Kind}Token`]?: string };

/** Tokens chosen by the operator, instead of minted ones. They replace what is stored. */
export interface FirstTokenOptions extends FirstTokens {
  /** Mint new tokens even if there are some. Default: no. */
  readonly rotateTokens?: boolean;
}

/**
 * Makes sure that there is a token for people who may do everything, and one for the services of the default
 * environment. The second goes with its environment.
 * @returns those minted just now: the only moment at which they can be shown
 * @throws {StartError} when a chosen token is too weak, or both are the same
 */
export async function prepareFirstTokens(
  { places, tokens }: Directory,
  options: FirstTokenOptions,
): Promise<FirstTokens> {
  const { adminToken, agentToken, rotateTokens: rotate = false } = options;
  checkChosen({ admin: adminToken, agent: agentToken });
  const minted: Partial<Record<keyof FirstTokens, string>> = {};
  const there = new Set<PlaceId>((await places.list()).map(({ id }) => id).concat(EVERYWHERE));
  for (const first of Object.keys(FIRST) as First[]) {
    if (!there.has(FIRST[first].place)) continue;
    const name = `${first}Token` as const;
    const chosen = options[name];
    const token = chosen ?? mintToken(FIRST[first].kind);
    const isNew = await tokens.insert(firstToken(first), hashToken(token));
    if (!isNew && (rotate || chosen !== undefined)) await tokens.rotate(first, hashToken(token), 0);
    if (chosen === undefined && (isNew || rotate)) minted[name] = token;
  }
  return minted;
}

function firstToken(first: First): StoredToken {
  const { kind, ...binding } = FIRST[first];
  return { id: first, kind, name: `${first} token`, binding, createdAt: Date.now() };
}

function checkChosen({ admin, agent }: Readonly<Record<First, string | undefined>>): void {
  for (const [first, token] of Object.entries({ admin, agent })) {
    if (token !== undefined && (token.length < MIN_CHOSEN_LENGTH || /[^\x21-\x7e]/.test(token))) {
      throw new StartError(
        `The chosen ${first} token must have at least ${MIN_CHOSEN_LENGTH} visible ASCII characters.`,
      );
    }
  }
  if (admin !== undefined && admin === agent) {
    throw new StartError(
      'The admin token and the agent token must differ: agents must not have admin rights.',
    );
  }
}
