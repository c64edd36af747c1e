import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Audit } from './audit.js';
import { entryOf } from './requests.js';

/** What the trail says of a stream of captures: that it began, and with how many events of each kind it ended. */
export interface RecordedStream {
  /** The same events, which count as sent when the next is asked for. */
  counting<Event extends { readonly event: string }>(events: AsyncIterable<Event>): AsyncGenerator<Event>;
  end(): void;
}

/** Writes down that somebody begins to follow what arrives, before anything of it is sent. */
export async function recordStream(audit: Audit, request: FastifyRequest): Promise<RecordedStream> {
  const { organisation, environment } = audit.whereabouts(request);
  const id = randomUUID();
  const sent: Record<string, number> = {};
  await audit.trail.record(
    organisation,
    entryOf(request, { id, since: Date.now() }, environment, { outcome: 'begun' }),
  );
  return {
    async *counting(events) {
      for await (const event of events) {
        yield event;
        sent[event.event] = (sent[event.event] ?? 0) + 1;
      }
    },
    end() {
      const ended = { outcome: 'ok', details: { ...sent } } as const;
      audit.trail.note(organisation, entryOf(request, { id, since: Date.now() }, environment, ended));
    },
  };
}
