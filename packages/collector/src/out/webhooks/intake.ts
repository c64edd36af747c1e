import type { CaptureView } from '@dormouse/protocol';
import type { StoredProbe } from '../../storage/contract/probes.js';
import type { Batch, Destination } from '../outflow.js';
import type { Source } from '../source.js';
import { eventOfCapture, eventsOfProbe, type Happening } from './events.js';
import { delivery, isFor } from './message.js';

export const WEBHOOKS_OUTLET = 'webhooks';

/** Events that are read at once. */
const PAGE = 200;
/** Messages that may wait for one webhook. */
const MOST_WAITING = 1_000;

/** Makes messages of what arrives: what has been kept for a webhook is sent, whatever happens here. */
export class Intake implements Destination<Happening> {
  readonly name = WEBHOOKS_OUTLET;
  readonly #source: Source;
  readonly #queued: () => void;

  /** @param queued called when there are new messages */
  constructor(source: Source, queued: () => void) {
    this.#source = source;
    this.#queued = queued;
  }

  async isOpen(): Promise<boolean> {
    const webhooks = await this.#source.storage.webhooks.list();
    return webhooks.length > 0;
  }

  async read(after: number): Promise<Batch<Happening>> {
    const { storage, probes } = this.#source;
    const page = await storage.events.after(after, {}, PAGE);
    const ordered = firstInOrder(page.captures, page.probes);
    const views = await probes.views(ordered.filter((one): one is StoredProbe => 'definition' in one));
    const byId = new Map(views.map((view) => [view.id, view]));
    const items = ordered.flatMap((one) =>
      'definition' in one
        ? eventsOfProbe(byId.get(one.definition.id)!, one.cursor)
        : (eventOfCapture(one) ?? []),
    );
    return { items, cursor: Number(ordered.at(-1)?.cursor ?? after) };
  }

  async deliver(events: readonly Happening[]): Promise<{ sent: number; refused: number }> {
    const { storage, log } = this.#source;
    const webhooks = await storage.webhooks.list();
    const deliveries = webhooks
      .filter(({ disabled }) => disabled === undefined)
      .flatMap((webhook) =>
        events.filter((event) => isFor(webhook, event)).map((event) => delivery(webhook, event)),
      );
    if (deliveries.length === 0) return { sent: 0, refused: 0 };
    const dropped = await storage.webhooks.enqueue(deliveries, MOST_WAITING);
    let refused = 0;
    for (const [id, count] of dropped) {
      refused += count;
      const before = webhooks.find((webhook) => webhook.id === id)!.dropped;
      await storage.webhooks.update(id, { dropped: before + count });
      log.warn({ webhook: id, dropped: count }, 'too much waits for a webhook');
    }
    this.#queued();
    return { sent: deliveries.length - refused, refused };
  }
}

/** As many of both as are certainly next to each other. */
function firstInOrder(
  captures: readonly CaptureView[],
  probes: readonly StoredProbe[],
): (CaptureView | StoredProbe)[] {
  const both: (CaptureView | StoredProbe)[] = [...captures, ...probes];
  return both.sort((a, b) => Number(a.cursor) - Number(b.cursor)).slice(0, PAGE);
}
