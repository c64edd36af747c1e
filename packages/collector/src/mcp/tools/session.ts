import type { ProbeRequest } from '@dormouse/protocol';
import { z } from 'zod';
import { MCP_LIMITS } from '../limits.js';
import type { ToolContext } from '../tool.js';

/** What the ids of groups begin with: nobody calls a session so. */
const ID = /^g_[\da-f]+$/;

export const session = z
  .string()
  .min(1)
  .max(200)
  .meta({
    description:
      'A debug session, by a name of your choice, or the id of one that people have begun: its evidence is searched, and its probes ' +
      'are ended, together.',
  })
  .optional();

/**
 * The group in which a probe is placed. Called one after the other: a name begins one session.
 * @throws {Refused}
 */
export async function sessionOf(
  { api, owner }: ToolContext,
  wanted: string | undefined,
): Promise<Pick<ProbeRequest, 'group'>> {
  if (wanted === undefined) return {};
  if (ID.test(wanted)) return { group: wanted };
  const active = await api.groups({ state: 'active' });
  const known = active.find((group) => group.owner === owner && group.name === wanted);
  if (known !== undefined) return { group: known.id };
  const begun = await api.createGroup({ name: wanted, owner, expiresInMs: MCP_LIMITS.maxExpiresInS * 1_000 });
  return { group: begun.id };
}
