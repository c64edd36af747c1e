import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { VERSION } from '../version.js';
import { describeDoors } from './openapi-doors.js';
import { keepUsedSchemas } from './openapi-schemas.js';
import { errorResponses, json } from './responses.js';

/** How zod's schemas are written down. */
const zodToJsonConfig = { override: simplify };

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
        { name: 'policies', description: 'What may not be probed, is never shown, and is switched off.' },
        {
          name: 'access',
          description:
            'Who may do what where: places, tokens, elevations; people, their sessions, and how they sign in.',
        },
        { name: 'out', description: 'What is sent to others: OpenTelemetry, webhooks.' },
        { name: 'audit', description: 'Who asked for what, and what came of it.' },
        { name: 'collector', description: 'The collector itself.' },
      ],
      components: {
        securitySchemes: {
          adminToken: {
            type: 'http',
            scheme: 'bearer',
            description: 'The admin token, `dma_…`, which the collector prints at its first start.',
          },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: '__Host-dormouse-session',
            description:
              'Of a browser that somebody has signed in with. What changes something needs the header ' +
              '`Dormouse-Console: 1` as well, and a page of the collector that asks.',
          },
        },
      },
      security: [{ adminToken: [] }, { session: [] }],
    },
    transform: createJsonSchemaTransform({ zodToJsonConfig }),
    transformObject: (input) =>
      keepUsedSchemas(describeDoors(createJsonSchemaTransformObject({ zodToJsonConfig })(input))),
  });
}

export function openApiRoute(app: FastifyInstance): void {
  app.route({
    method: 'GET',
    url: '/openapi.json',
    schema: {
      operationId: 'describeApi',
      summary: 'Describe the API',
      description: 'This document.',
      tags: ['collector'],
      response: {
        200: json('OpenAPI 3.1.', z.record(z.string(), z.unknown())),
        ...errorResponses([]),
      },
    },
    config: { permission: 'services:read', about: 'directory' },
    handler: () => app.swagger(),
  });
}

/** Leaves out what is no promise: that an answer will never have more fields, that a count is a safe integer. */
function simplify({ zodSchema, jsonSchema }: SchemaAndJson): void {
  const { def } = zodSchema._zod;
  const isStrict = 'catchall' in def && def.catchall !== undefined;
  if (def.type === 'object' && !isStrict) delete jsonSchema.additionalProperties;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
}

type SchemaAndJson = Parameters<
  NonNullable<NonNullable<Parameters<typeof z.toJSONSchema>[1]>['override']>
>[0];
