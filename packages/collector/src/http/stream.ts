import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { CLOSE } from '../agents/closing.js';
import { recordStream } from '../audit/streams.js';
import { CollectorError } from '../collector-error.js';
import type { Core } from '../core.js';
import { requireSeenGroup } from '../groups/require-group.js';
import { after, groupFilter, probeFilter, serviceFilter } from '../operations/parameters.js';
import { requireNamed, servicesNamed } from '../operations/services-of.js';
import { cursor } from '../schemas/capture.js';
import { requireService } from '../services/services.js';
import type { TailEvent } from '../stream/pages.js';
import { tail } from '../stream/tail.js';
import { shownTo } from '../stream/shown-to.js';
import { writeEvents } from './event-writer.js';
import { keepAsking } from './keep-asking.js';
import { closeWebSocket, writeMessages } from './message-writer.js';
import { errorResponses } from './responses.js';
import { openWebSocket, routeViewers, wantsWebSocket } from './viewers.js';

const query = z.strictObject({ probe: probeFilter, service: serviceFilter, group: groupFilter, after });

/** Server-sent events: captures as they arrive, and probes as they change. */
export function streamRoute(app: FastifyInstance): void {
  routeViewers(app);

  app.route<{ Querystring: z.output<typeof query> }>({
    method: 'GET',
    url: '/stream',
    schema: {
      operationId: 'stream',
      summary: 'Follow captures and probes',
      description:
        'Server-sent events: `event: capture` with a Capture, and `event: probe` with a Probe at every change of its ' +
        'state, there or in a process. `id:` is a cursor: `Last-Event-ID`, or `after`, continues without a gap; ' +
        'without either, the stream begins now. A client that stops reading gets `event: error` and is cut. A request for a ' +
        'WebSocket gets one instead: messages of JSON with `cursor`, `event` and `data`.',
      tags: ['captures'],
      querystring: query,
      response: {
        200: {
          description: 'The events, without an end.',
          content: { 'text/event-stream': { schema: z.string() } },
        },
        ...errorResponses(['INVALID_REQUEST', 'NOT_FOUND', 'UNKNOWN_SERVICE']),
      },
    },
    config: { permission: 'captures:read', recorded: { operation: 'stream', as: 'nothing' } },
    async handler(request, reply) {
      const { core, caller } = request;
      const { after: asked, ...filter } = request.query;
      if (!caller.may('captures:read', 'all')) {
        const named = await servicesNamed({ path: '/stream' }, core, { query: filter as never });
        requireNamed(named, 'captures:read', caller);
      }
      if (filter.probe !== undefined) await core.probes.require(filter.probe);
      if (filter.service !== undefined) await requireService(core.storage, filter.service);
      if (filter.group !== undefined)
        await requireSeenGroup(core.storage, filter.group, 'captures:read', caller);
      const from = await startingPoint(core, request, asked);

      const record = await recordStream(core.audit, request);
      const gone = new AbortController();
      const viewer = await openViewer(request, reply, () => gone.abort());
      core.meters.streams.inc();
      const lasting = keepAsking(request);
      const signal = AbortSignal.any([gone.signal, app.stopping, lasting.signal]);
      try {
        const events = tail(core, filter, from, signal);
        await viewer.write(record.counting(shownTo(() => lasting.now, events)), signal);
      } catch (error) {
        if (!signal.aborted) request.log.error({ err: error }, 'stream failed');
      } finally {
        lasting.stop();
        record.end();
        core.meters.streams.dec();
      }
      await viewer.end();
    },
  });
}

/** Who follows, however events come to them. */
interface Viewer {
  write(events: AsyncIterable<TailEvent>, signal: AbortSignal): Promise<void>;
  end(): unknown;
}

/** @param onGone called when the connection is closed */
async function openViewer(request: FastifyRequest, reply: FastifyReply, onGone: () => void): Promise<Viewer> {
  if (wantsWebSocket(request)) {
    const socket = await openWebSocket(request, reply);
    socket.on('close', onGone);
    return {
      write: (events, signal) => writeMessages(socket, events, signal),
      end: () => closeWebSocket(socket, CLOSE.goingAway, 'the stream has ended'),
    };
  }
  reply.hijack();
  reply.raw.on('close', onGone);
  return {
    write: (events, signal) => writeEvents(reply.raw, events, signal),
    end: () => reply.raw.end(),
  };
}

/** Where the client left off; a cursor from the future is one of other data, and tells nothing. */
async function startingPoint(
  core: Core,
  request: FastifyRequest,
  asked: string | undefined,
): Promise<number> {
  const seen = request.headers['last-event-id'] ?? asked;
  const now = await core.storage.events.last();
  if (seen === undefined) return now;
  const { data } = cursor.safeParse(seen);
  if (data === undefined) {
    throw new CollectorError('INVALID_REQUEST', 'Last-Event-ID must be the id of an earlier event.', {
      path: 'Last-Event-ID',
    });
  }
  return Math.min(Number(data), now);
}
