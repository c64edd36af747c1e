import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { CollectorError } from '../collector-error.js';
import type { Core } from '../core.js';
import { after, probeFilter, serviceFilter } from '../operations/parameters.js';
import { cursor } from '../schemas/capture.js';
import { requireService } from '../services/services.js';
import { lastCursor } from '../storage/sequence.js';
import { tail, type TailEvent } from '../stream/tail.js';
import { errorResponses } from './responses.js';

/** A comment in this interval keeps proxies from closing a quiet stream, ms. */
const KEEP_ALIVE_MS = 15_000;
/** A client that takes nothing for so long is cut, ms. */
const STALLED_AFTER_MS = 30_000;
/** What a client is told to wait before it comes back, ms. */
const RETRY_MS = 1_000;

const query = z.strictObject({ probe: probeFilter, service: serviceFilter, after });

/** Server-sent events: captures as they arrive, and probes as they change. */
export function streamRoute(app: FastifyInstance, core: Core): void {
  const stopping = new AbortController();
  app.addHook('preClose', async () => stopping.abort());

  app.route<{ Querystring: z.output<typeof query> }>({
    method: 'GET',
    url: '/stream',
    schema: {
      operationId: 'stream',
      summary: 'Follow captures and probes',
      description:
        'Server-sent events: `event: capture` with a Capture, and `event: probe` with a Probe at every change of its ' +
        'state, there or in a process. `id:` is a cursor: `Last-Event-ID`, or `after`, continues without a gap; ' +
        'without either, the stream begins now. A client that stops reading gets `event: error` and is cut.',
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
    config: { permission: 'captures:read' },
    async handler(request, reply) {
      const { after: asked, ...filter } = request.query;
      if (filter.probe !== undefined) await core.probes.require(filter.probe);
      if (filter.service !== undefined) await requireService(core.db, filter.service);
      const from = await startingPoint(core, request, asked);

      reply.hijack();
      const gone = new AbortController();
      reply.raw.on('close', () => gone.abort());
      const signal = AbortSignal.any([gone.signal, stopping.signal]);
      await follow(reply.raw, tail(core, filter, from, signal), signal).catch((error: unknown) => {
        if (!signal.aborted) request.log.error({ err: error }, 'stream failed');
      });
      reply.raw.end();
    },
  });
}

/** Where the client left off; a cursor from the future is one of other data, and tells nothing. */
async function startingPoint(
  core: Core,
  request: FastifyRequest,
  asked: string | undefined,
): Promise<number> {
  const seen = request.headers['last-event-id'] ?? asked;
  const now = await lastCursor(core.db);
  if (seen === undefined) return now;
  const { data } = cursor.safeParse(seen);
  if (data === undefined) {
    throw new CollectorError('INVALID_REQUEST', 'Last-Event-ID must be the id of an earlier event.', {
      path: 'Last-Event-ID',
    });
  }
  return Math.min(Number(data), now);
}

async function follow(
  response: ServerResponse,
  events: AsyncIterable<TailEvent>,
  signal: AbortSignal,
): Promise<void> {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  response.write(`retry: ${RETRY_MS}\n\n`);
  const keepAlive = setInterval(() => {
    if (!response.writableNeedDrain) response.write(': still here\n\n');
  }, KEEP_ALIVE_MS);
  try {
    for await (const { cursor: id, event, data } of events) {
      const taken = response.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      if (!taken && !(await drained(response, signal))) return;
    }
  } finally {
    clearInterval(keepAlive);
  }
}

/** Waits until the client has read what was written; tells it, and returns false, when it does not. */
async function drained(response: ServerResponse, signal: AbortSignal): Promise<boolean> {
  const patience = AbortSignal.timeout(STALLED_AFTER_MS);
  try {
    await once(response, 'drain', { signal: AbortSignal.any([signal, patience]) });
    return true;
  } catch (error) {
    if (!patience.aborted) throw error;
    const message = `Nothing was read for ${STALLED_AFTER_MS} ms. Connect again with Last-Event-ID to continue.`;
    response.write(`event: error\ndata: ${JSON.stringify({ message })}\n\n`);
    return false;
  }
}
