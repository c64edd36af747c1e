import { once } from 'node:events';
import type { ProbeView, WaitView } from '@dormouse/protocol';
import type { Core } from '../core.js';

/** News is looked at no more often than this, however much there is, and at least so often without any, ms. */
const LOOK_AGAIN_MS = 50;
const LOOK_ANYWAY_MS = 1_000;

/** What to wait for; whichever comes first. */
export interface Awaited {
  /** A process has armed it. */
  readonly armed?: boolean | undefined;
  /** Every connected process that is to have it has armed it, or has said why not. */
  readonly answered?: boolean | undefined;
  readonly hits?: number | undefined;
}

/**
 * Waits for a probe: until it is as wanted, has ended, or the time is over. A collector that stops answers at once.
 * @throws {CollectorError} NOT_FOUND
 */
export async function waitFor(
  { probes, news }: Pick<Core, 'probes' | 'news'>,
  id: string,
  awaited: Awaited,
  timeoutMs: number,
): Promise<WaitView> {
  const over = AbortSignal.any([AbortSignal.timeout(timeoutMs), probes.stopping]);
  for (;;) {
    const { rings } = news;
    const probe = await probes.view(id);
    const reason = whyOver(probe, awaited) ?? (await whyAnswered(probe, awaited));
    if (reason !== undefined) return { reason, probe };
    if (over.aborted) return { reason: 'timeout', probe };
    await newsAfter(rings);
  }

  async function whyAnswered(
    { agents, killed }: ProbeView,
    { answered = false }: Awaited,
  ): Promise<'answered' | undefined> {
    if (!answered) return undefined;
    const heard = new Set(agents.filter(isAnswer).map(({ instance }) => instance));
    const wanted = [...(await probes.wantedIn(id))];
    const isOver = killed !== undefined || wanted.every((instance) => heard.has(instance));
    return isOver ? 'answered' : undefined;
  }

  async function newsAfter(rings: number): Promise<void> {
    const soon = AbortSignal.any([over, AbortSignal.timeout(LOOK_ANYWAY_MS)]);
    await news.after(rings, soon).catch(() => {});
    const calm = AbortSignal.any([over, AbortSignal.timeout(LOOK_AGAIN_MS)]);
    if (!calm.aborted) await once(calm, 'abort');
  }
}

const isAnswer = ({ state, message }: ProbeView['agents'][number]): boolean =>
  state !== 'received' || message !== undefined;

function whyOver(
  { state, hits, agents }: ProbeView,
  { armed = false, hits: wanted = Infinity }: Awaited,
): WaitView['reason'] | undefined {
  if (hits >= wanted) return 'hits';
  if (state === 'ended') return 'ended';
  return armed && agents.some((report) => report.state === 'armed') ? 'armed' : undefined;
}
