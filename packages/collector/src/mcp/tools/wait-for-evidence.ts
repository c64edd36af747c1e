import type { ProbeView } from '@dormouse/protocol';
import { z } from 'zod';
import { evidence, readEvidence } from '../evidence/evidence.js';
import { verdictOf } from '../evidence/verdict.js';
import { MCP_LIMITS } from '../limits.js';
import { defineTool, READS_EVIDENCE, type ToolContext } from '../tool.js';
import { limit, paths, probe } from './wanted-evidence.js';

const reason = z.enum(['captured', 'verdict', 'ended', 'timeout']);

export const waitForEvidence = defineTool({
  name: 'wait_for_evidence',
  title: 'Wait for what a probe finds',
  description:
    'Waits until a probe has captured something, a check has its verdict, or it ends, and shows what there is. After a ' +
    'timeout the probe is still armed: read `advice`, and call again, or cause the traffic that reaches it.',
  annotations: READS_EVIDENCE,
  input: z.object({
    probe,
    captures: z.int().min(1).meta({ description: 'So many captures; of a metric so many hits.' }).default(1),
    waitS: z.int().min(1).max(MCP_LIMITS.maxWaitS).default(MCP_LIMITS.waitS),
    limit,
    paths,
  }),
  output: z.object({
    reason: reason.meta({ description: 'Why the wait is over.' }),
    ...evidence.shape,
  }),
  async run(context, { probe: id, captures, waitS, limit: most, paths: wanted = [] }) {
    const { view, reason: why } = await wait(context, id, captures, waitS);
    const found = await readEvidence(context.api, context.owner, view, { limit: most, paths: wanted });
    return { reason: why, ...found };
  },
});

/** Somebody who waits hears so often how it stands, ms; a check may be decided as long before it is seen. */
const PROGRESS_MS = 1_000;

interface Waited {
  readonly view: ProbeView;
  readonly reason: z.output<typeof reason>;
}

async function wait(
  { api, signal, progress }: ToolContext,
  id: string,
  captures: number,
  waitS: number,
): Promise<Waited> {
  const begin = Date.now();
  for (let view = await api.probe(id), told = 0; ;) {
    const over = whyOver(view, captures);
    if (over !== undefined) return { view, reason: over };
    const left = begin + waitS * 1_000 - Date.now();
    if (left <= 0) return { view, reason: 'timeout' };
    const waited = Math.floor((Date.now() - begin) / 1_000);
    if (waited > told) await progress((told = waited), waitS, `${view.hits} of ${captures} captured`);
    signal.throwIfAborted();
    ({ probe: view } = await api.wait(id, { hits: captures, timeoutMs: Math.min(left, PROGRESS_MS) }));
  }
}

function whyOver(view: ProbeView, captures: number): Waited['reason'] | undefined {
  if (view.kind === 'check' && verdictOf(view).verdict !== 'open') return 'verdict';
  if (view.hits >= captures) return 'captured';
  return view.state === 'ended' ? 'ended' : undefined;
}
