import { createReadStream } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { CollectorError } from '../collector-error.js';
import { EVERYWHERE } from '../storage/contract/directory/places.js';
import type { Storages } from '../storage/contract/storages.js';
import { errorResponses } from './responses.js';

/** Everything that is remembered, of every environment, as a file: only for who may do everything everywhere. */
export function backupRoute(app: FastifyInstance, storages: Storages): void {
  app.route({
    method: 'GET',
    url: '/backup',
    schema: {
      operationId: 'backUp',
      summary: 'Back up the embedded database',
      description:
        'A copy of everything, of every environment, as it stands when it is done, while the collector goes on. One at a ' +
        'time; for those who may do everything everywhere. A PostgreSQL is backed up with its own tools.',
      tags: ['collector'],
      response: {
        200: {
          description: 'The database, an SQLite file.',
          content: { 'application/vnd.sqlite3': { schema: z.string() } },
        },
        ...errorResponses(['CONFLICT', 'UNSUPPORTED']),
      },
    },
    config: {
      permission: 'collector:backup',
      about: 'directory',
      recorded: { operation: 'backUp', as: 'read' },
    },
    async handler({ caller, log }, reply) {
      if (!caller.mayIn(EVERYWHERE, 'collector:backup'))
        throw new CollectorError(
          'FORBIDDEN',
          `${caller.name} may not do this: it takes an admin of everything.`,
        );
      const { file, bytes, remove } = await backup(storages);
      log.info({ bytes }, 'backup made');
      const content = createReadStream(file).once('close', () => void remove());
      return reply.type('application/vnd.sqlite3').header('content-length', bytes).send(content);
    },
  });
}

function backup({ backup: make }: Storages) {
  if (make !== undefined) return make();
  throw new CollectorError(
    'UNSUPPORTED',
    'This collector keeps everything in PostgreSQL. Back that up with pg_dump, or as you back up all your databases.',
  );
}
