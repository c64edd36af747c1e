import { probeState } from '../evidence/probe-state.js';
import { MCP_LIMITS } from '../limits.js';
import { defineTool } from '../tool.js';
import { place } from './placing.js';
import { probeInput } from './probe-input.js';
import { requestOf } from './probe-request.js';
import { sessionOf } from './session.js';

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
  run: (context, { group, ...wanted }) =>
    place(context, async () =>
      context.api.createProbe({ ...requestOf(wanted, context.owner), ...(await sessionOf(context, group)) }),
    ),
});
