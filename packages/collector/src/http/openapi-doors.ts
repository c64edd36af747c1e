import { AGENT_PATH, API_PREFIX } from '@dormouse/protocol';

/** The parts of an OpenAPI document that are read and added to here. */
interface WithPaths {
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Route>>>>;
  readonly components?: object;
}

interface Route {
  readonly parameters?: readonly object[];
}

const ENVIRONMENT = {
  name: 'Dormouse-Environment',
  in: 'header',
  required: false,
  description:
    'The environment that is asked about, `organisation/project/environment`. Without it: the only one that the caller ' +
    'sees. `?environment=` says the same where no header can be given.',
  schema: { type: 'string' },
} as const;

const error = (description: string): object => ({
  description,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
});

/** Doors that speak another protocol behind an HTTP request. */
const DOORS: Readonly<Record<string, Readonly<Record<string, object>>>> = {
  [AGENT_PATH]: {
    get: {
      operationId: 'connectAgent',
      summary: 'Connect a process',
      description:
        'A WebSocket for agents, with an agent token: binary messages in msgpack, as the package `@dormouse/protocol` ' +
        'defines them. Nothing else opens it, and it opens nothing else.',
      tags: ['collector'],
      responses: {
        101: { description: 'The WebSocket stands.' },
        401: error('`UNAUTHENTICATED`: no token, or one the collector does not know.'),
        403: error('`FORBIDDEN`: the token is none for agents.'),
        404: error('`NOT_FOUND`: another path.'),
        429: error('`TOO_MANY_ATTEMPTS`: too many failed authentications from one address.'),
      },
    },
  },
  '/mcp': {
    post: {
      operationId: 'askByMcp',
      summary: 'Ask by the Model Context Protocol',
      description:
        'For AI agents: streamable HTTP, in the current revision of the protocol and those before it, without sessions. ' +
        '`tools/list` describes every tool with schemas; each asks this API with the caller’s own token.',
      tags: ['collector'],
      parameters: [ENVIRONMENT],
      requestBody: {
        required: true,
        content: { 'application/json': { schema: { type: 'object', description: 'JSON-RPC 2.0.' } } },
      },
      responses: {
        200: {
          description: 'The answer, at once or as an event stream.',
          content: {
            'application/json': { schema: { type: 'object' } },
            'text/event-stream': { schema: { type: 'string' } },
          },
        },
        401: error('`UNAUTHENTICATED`: no token, or one the collector does not know.'),
        403: error('`FORBIDDEN`: an agent token, or a page of another origin.'),
        429: error('`TOO_MANY_ATTEMPTS`: too many failed authentications from one address.'),
      },
    },
  },
};

/** Adds what no route says of itself: those doors, and the header that every request below the prefix may have. */
export function describeDoors<OpenApi extends object>(document: OpenApi): OpenApi {
  const { paths = {}, components = {} } = document as WithPaths;
  const withHeader = (route: Route): Route => ({
    ...route,
    parameters: [...(route.parameters ?? []), { $ref: '#/components/parameters/Environment' }],
  });
  const described = Object.entries(paths).map(([path, methods]) => [
    path,
    path.startsWith(API_PREFIX) ? mapValues(methods, withHeader) : methods,
  ]);
  return {
    ...document,
    paths: { ...Object.fromEntries(described), ...DOORS },
    components: { ...components, parameters: { Environment: ENVIRONMENT } },
  };
}

const mapValues = <From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From) => To,
): Record<string, To> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
