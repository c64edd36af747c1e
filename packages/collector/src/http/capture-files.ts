import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { CAPTURE_FILE_LIMITS, CAPTURE_FILE_TYPE } from '@dormouse/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { importCaptures } from '../captures/file/import.js';
import { captureFile } from '../captures/file/write.js';
import { CollectorError } from '../collector-error.js';
import { captureQuery, readCaptureQuery, requireValues } from '../operations/capture-query.js';
import { requireNamed, servicesNamed } from '../operations/services-of.js';
import { importDetails } from '../schemas/capture-file.js';
import { errorResponses, json } from './responses.js';

const TYPES = [CAPTURE_FILE_TYPE, 'application/gzip'];

const query = z.strictObject(captureQuery);
type Query = z.output<typeof query>;

/** Captures as files, both ways as streams: no file is ever whole in memory. */
export async function captureFileRoutes(app: FastifyInstance): Promise<void> {
  // Read where it is wanted: a body would be looked at by whoever writes down what was asked.
  app.addContentTypeParser(TYPES, (_request, _payload, done) => done(null));

  app.route<{ Querystring: Query }>({
    method: 'GET',
    url: '/captures/export',
    schema: {
      operationId: 'exportCaptures',
      summary: 'Export captures',
      description:
        `The captures that match, as a file: JSON lines, with the probes and builds that they are of; gzip where the ` +
        `client takes it. At most the oldest ${CAPTURE_FILE_LIMITS.captures}. It ends with \`{"end":…}\`; without that, a part of it is missing.`,
      tags: ['captures'],
      querystring: query,
      response: {
        200: { description: 'The file.', content: { [CAPTURE_FILE_TYPE]: { schema: z.string() } } },
        ...errorResponses(['INVALID_REQUEST', 'NOT_FOUND', 'UNKNOWN_SERVICE', 'SYNTAX_ERROR']),
      },
    },
    config: { permission: 'captures:read' },
    async handler(request, reply) {
      const { core, caller } = request;
      await requireServices(request);
      const { store, query: asked } = await readCaptureQuery(core, request.query, caller);
      const lines = Readable.from(captureFile(core, store, asked, request.query.import), {
        objectMode: false,
      });
      reply.header('content-type', CAPTURE_FILE_TYPE);
      reply.header('content-disposition', 'attachment; filename="captures.jsonl"');
      if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return reply.send(lines);
      reply.header('content-encoding', 'gzip');
      // What goes wrong ends both.
      return reply.send(pipeline(lines, createGzip(), () => {}));
    },
  });

  app.route({
    method: 'POST',
    url: '/imports',
    schema: {
      operationId: 'importCaptures',
      summary: 'Import captures',
      description:
        'Keeps the captures of a file that was exported, all of them or none. They are marked as imported, and kept apart from ' +
        'those of processes: they stand in for none, and count for no probe. The rules of redaction that hold here are ' +
        'applied to them.',
      tags: ['captures'],
      consumes: TYPES,
      body: z.any().meta({ description: 'The file, gzip or not.' }),
      response: {
        201: json('The import.', importDetails),
        ...errorResponses(['INVALID_REQUEST', 'BODY_TOO_LARGE', 'INVALID_FILE', 'LIMIT_EXCEEDED']),
      },
    },
    bodyLimit: CAPTURE_FILE_LIMITS.bytes,
    config: { permission: 'captures:write' },
    async handler({ core, caller, headers, raw }, reply) {
      if (!caller.may('captures:write', 'all')) {
        throw new CollectorError(
          'FORBIDDEN',
          `This is about all services, and ${caller.name} may do it in some only.`,
        );
      }
      if (!TYPES.includes(headers['content-type']?.split(';', 1)[0] ?? '')) {
        throw new CollectorError('INVALID_REQUEST', `Send a file as ${TYPES.join(' or ')}.`);
      }
      return reply.code(201).send(await importCaptures(core, raw, caller));
    },
  });
}

/** Of services that are the caller's, and whose values he may read: files are not for looking at shapes. */
async function requireServices({ core, caller, query: asked }: FastifyRequest<{ Querystring: Query }>) {
  const named = await servicesNamed({ path: '/captures/export' }, core, { query: asked as never });
  if (!caller.may('captures:read', 'all')) {
    if (named.length === 0) {
      throw new CollectorError('FORBIDDEN', `Name a service: ${caller.name} may read some only.`, {
        path: 'service',
      });
    }
    requireNamed(named, 'captures:read', caller);
  }
  if (named.length === 0) requireValues(caller, undefined);
  for (const { service } of named) requireValues(caller, service);
}
