import { API_PREFIX } from '@dormouse/protocol';
import { beforeAll, describe, expect, test } from 'vitest';
import { keepUsedSchemas } from '../src/http/openapi-schemas.ts';
import { OPERATIONS } from '../src/operations/operations.ts';
import { openCollector } from './support/collector.ts';

interface Response {
  readonly description: string;
  readonly content: Record<string, { readonly schema: object }>;
}

interface Route {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly security?: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: object }[];
  readonly requestBody?: { readonly required: boolean; readonly content: object };
  readonly responses: Record<string, Response>;
}

interface Document {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly security: readonly object[];
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Record<string, Record<string, Route>>;
  readonly components: { readonly securitySchemes: object; readonly schemas: Record<string, object> };
}

const SIGN_IN = [
  'GET /auth',
  'POST /auth/password',
  'GET /auth/link',
  'POST /auth/set-password',
  'DELETE /auth/session',
];

/** Of other protocols. */
const DOORS = ['GET /agent/v1', 'POST /mcp'];

let document: Document;
let routes: [string, Route][];

beforeAll(async () => {
  const { api, close } = await openCollector();
  document = await api.get<Document>('/openapi.json');
  routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, route]): [string, Route] => [
      `${method.toUpperCase()} ${path}`,
      route,
    ]),
  );
  await close();
});

test('every operation, the stream, files, the document itself, health, metrics and ways to sign in are there, and nothing else', () => {
  const operations = OPERATIONS.map(
    ({ method, path }) => `${method} ${API_PREFIX}${path.replace(/:(\w+)/g, '{$1}')}`,
  );
  expect(routes.map(([name]) => name).toSorted()).toEqual(
    [
      ...operations,
      `GET ${API_PREFIX}/stream`,
      `GET ${API_PREFIX}/backup`,
      `GET ${API_PREFIX}/captures/export`,
      `POST ${API_PREFIX}/imports`,
      `GET ${API_PREFIX}/openapi.json`,
      ...DOORS,
      'GET /healthz',
      'GET /readyz',
      'GET /metrics',
      `GET ${API_PREFIX}/metrics/prometheus`,
      ...SIGN_IN,
    ].toSorted(),
  );
});

test('it says what it is and how to authenticate', () => {
  expect(document).toMatchObject({
    openapi: '3.1.0',
    info: { title: 'Dormouse collector', version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string },
    security: [{ adminToken: [] }, { session: [] }],
    components: {
      securitySchemes: {
        adminToken: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie' },
      },
    },
  });
});

test('every route has a name of its own, words, a known tag, and described answers', () => {
  const tags = document.tags.map(({ name }) => name);
  for (const [name, route] of routes) {
    expect(route.summary, name).toMatch(/^[A-Z].*[^.]$/);
    expect(route.description, name).toMatch(/\.$/);
    expect(tags, name).toContain(route.tags[0]);
    for (const [status, response] of Object.entries(route.responses)) {
      expect(response.description, `${name} ${status}`).not.toBe('Default Response');
      expect(response.description.length, `${name} ${status}`).toBeGreaterThan(5);
      if (!DOORS.includes(name)) expect(Object.keys(response.content), `${name} ${status}`).toHaveLength(1);
    }
  }
  const ids = routes.map(([, route]) => route.operationId);
  expect(new Set(ids).size).toBe(ids.length);
});

test('every route below the prefix lists the errors that any request can meet, with their body', () => {
  for (const [name, route] of routes.filter(([path]) => path.includes(API_PREFIX))) {
    for (const status of ['401', '403', '429', '500']) {
      expect(route.responses[status]?.content, `${name} ${status}`).toEqual({
        'application/json': { schema: { $ref: '#/components/schemas/Error' } },
      });
    }
  }
});

test('only health, and signing in, needs no token', () => {
  const open = routes.filter(([, route]) => route.security?.length === 0).map(([name]) => name);
  expect(open.toSorted()).toEqual([...SIGN_IN, 'GET /healthz', 'GET /readyz'].toSorted());
});

test('every parameter of a path is declared, and every body is required', () => {
  for (const [name, route] of routes) {
    const inPath = Array.from(name.matchAll(/\{(\w+)\}/g), ([, parameter]) => parameter);
    const declared = (route.parameters ?? []).filter((parameter) => parameter.in === 'path');
    expect(
      declared.map((parameter) => parameter.name),
      name,
    ).toEqual(inPath);
    const takesNone = name === `POST ${API_PREFIX}/webhooks/{id}/test`;
    if (/^(POST|PUT)/.test(name))
      expect(route.requestBody?.required, name).toBe(takesNone ? undefined : true);
  }
});

test('every reference leads somewhere, and every schema is referred to', () => {
  const references = Array.from(
    JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g),
    ([, name]) => name!,
  );
  expect(new Set(references)).toEqual(new Set(Object.keys(document.components.schemas)));
});

test('requests are strict, and answers may grow', () => {
  const { ProbeRequest, Probe } = document.components.schemas;
  expect(JSON.stringify(ProbeRequest)).toContain('"additionalProperties":false');
  expect(Probe).not.toHaveProperty('additionalProperties');
});

describe('of schemas that are generated twice', () => {
  const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

  test('those nobody refers to are dropped, and a lone input loses its suffix', () => {
    const schemas = { A: ref('B'), B: {}, AInput: ref('BInput'), BInput: {}, C: {}, CInput: {} };
    expect(keepUsedSchemas({ paths: ref('A'), components: { schemas } })).toEqual({
      paths: ref('A'),
      components: { schemas: { A: ref('B'), B: {} } },
    });
    expect(keepUsedSchemas({ paths: ref('AInput'), components: { schemas } })).toEqual({
      paths: ref('A'),
      components: { schemas: { A: ref('B'), B: {} } },
    });
    expect(keepUsedSchemas({ paths: [ref('C'), ref('CInput')], components: { schemas } })).toEqual({
      paths: [ref('C'), ref('CInput')],
      components: { schemas: { C: {}, CInput: {} } },
    });
  });
});
