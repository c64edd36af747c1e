import { setTimeout as sleep } from 'node:timers/promises';
import type { ProbeView } from '@dormouse/protocol';
import { Refused } from '../api.js';
import { probeState, stateOf } from '../evidence/probe-state.js';
import { MCP_LIMITS } from '../limits.js';
import { defineTool, type ToolContext } from '../tool.js';
import { probeInput } from './probe-input.js';
import { requestOf } from './probe-request.js';

export const placeProbe = defineTool({
  name: 'place_probe',
  title: 'Place a probe in a running service',
  description:
    'Asks running processes a question at a place of their code. Nothing is restarted or paused, and the program cannot ' +
    `notice. At most ${MCP_LIMITS.probes} of your probes are active at once; each ends by itself after its hits or its time, ` +
    'and end_probes ends it earlier. It answers when the processes have it, or says that they do not yet. Then ' +
    'wait_for_evidence. One question per probe: place the cheapest that can refute your hypothesis.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  input: probeInput,
  output: probeState,
  async run(context, wanted) {
    const probe = await context.placeInTurn(async () => {
      await requireRoom(context);
      return context.api.createProbe(requestOf(wanted, context.owner));
    });
    return stateOf(await armed(context, probe), context.owner);
  },
});

/** @throws {Refused} LIMIT_EXCEEDED */
async function requireRoom({ api, owner }: ToolContext): Promise<void> {
  const own = (await api.probes({ state: 'active' })).filter((probe) => probe.owner === owner);
  if (own.length < MCP_LIMITS.probes) return;
  throw new Refused({
    code: 'LIMIT_EXCEEDED',
    message: `You have ${own.length} active probes, and ${MCP_LIMITS.probes} is the most. End those that have answered with end_probes: ${own.map(({ id }) => id).join(', ')}.`,
    suggestions: own.map(({ id }) => id),
  });
}

/** The probe as it is once its processes have it, or have said why not; or after some time. */
async function armed({ api, signal }: ToolContext, probe: ProbeView): Promise<ProbeView> {
  const deadline = Date.now() + MCP_LIMITS.armingMs;
  let latest = probe;
  while (Date.now() < deadline && latest.state === 'active' && latest.killed === undefined) {
    const isAnswered = latest.agents.every(
      ({ state, message }) => state !== 'received' || message !== undefined,
    );
    if (latest.agents.length > 0 && isAnswered) break;
    await sleep(MCP_LIMITS.lookAgainMs, undefined, { signal });
    latest = await api.probe(probe.id);
  }
  return latest;
}
