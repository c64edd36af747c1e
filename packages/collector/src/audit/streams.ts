import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Audit } from './audit.js';
import { recordOf } from './requests.js';

/** What the trail says of a stream of captures: that it began, and with how many events of each kind it ended. */
export interface RecordedStream {
  /** The same events, which count as sent when the next is asked for. */
  counting<Event extends { readonly event: string }>(events: AsyncIterable<Event>): AsyncGenerator<Event>;
  end(): void;
}

/** Writes down that somebody begins to follow what arrives, before anything of it is sent. */
export async function recordStream(audit: Audit, request: FastifyRequest): Promise<RecordedStream> {
  const id = randomUUID();
  const sent: Record<string, number> = {};
  const begun = recordOf(audit, request, { id, since: Date.now() }, { outcome: 'begun' });
  await audit.trail.record(begun.organisation, begun.entry);
  return {
    async *counting(events) {
      for await (const event of events) {
        yield event;
        sent[event.event] = (sent[event.event] ?? 0) + 1;
      }
    },
    end() {
      const result = { outcome: 'ok', details: { ...sent } } as const;
      const { organisation, entry } = recordOf(audit, request, { id, since: Date.now() }, result);
      audit.trail.note(organisation, entry);
    },
  };
}
