import type { ProbeView } from '@dormouse/protocol';
import { Refused } from '../api.js';
import { stateOf, type ProbeState } from '../evidence/probe-state.js';
import { MCP_LIMITS } from '../limits.js';
import type { ToolContext } from '../tool.js';

/**
 * Places a probe if its owner may have one more, and waits until its processes have said how they stand, or for some time.
 * @param create asks the API for it
 * @throws {Refused} LIMIT_EXCEEDED, and what the API refuses
 */
export async function place(context: ToolContext, create: () => Promise<ProbeView>): Promise<ProbeState> {
  const { id } = await context.placeInTurn(async () => {
    await requireRoom(context);
    return create();
  });
  const { probe } = await context.api.wait(id, { answered: true, timeoutMs: MCP_LIMITS.armingMs });
  return stateOf(probe, context.owner);
}

async function requireRoom({ api, owner }: ToolContext): Promise<void> {
  const own = (await api.probes({ state: 'active' })).filter((probe) => probe.owner === owner);
  if (own.length < MCP_LIMITS.probes) return;
  throw new Refused({
    code: 'LIMIT_EXCEEDED',
    message: `You have ${own.length} active probes, and ${MCP_LIMITS.probes} is the most. End those that have answered with end_probes: ${own.map(({ id }) => id).join(', ')}.`,
    suggestions: own.map(({ id }) => id),
  });
}
