import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { VERSION } from '../version.js';

/** Collects every route that is registered afterwards into one OpenAPI document. */
export async function describeRoutes(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Dormouse collector',
        version: VERSION,
        description:
          'Place probes in running Node services and read their evidence. Every error has the same body; ' +
          'its `code` is stable, its `message` says what, where and what to do.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      tags: [
        { name: 'services', description: 'What runs, and where probes can stand.' },
        { name: 'builds', description: 'What the weaver knows about a build.' },
        { name: 'probes', description: 'Snapshots and log lines in running code.' },
        { name: 'captures', description: 'The evidence.' },
        { name: 'collector', description: 'The collector itself.' },
      ],
      components: {
        securitySchemes: {
          adminToken: {
            type: 'http',
            scheme: 'bearer',
            description: 'The admin token, `dma_…`, which the collector prints at its first start.',
          },
        },
      },
      security: [{ adminToken: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
}

export function openApiRoute(app: FastifyInstance): void {
  app.route({
    method: 'GET',
    url: '/openapi.json',
    schema: { hide: true },
    handler: () => app.swagger(),
  });
}
