import { openRequest, runIn, type Headers, type RequestContextOptions } from './request.js';
import type { RequestContext } from './slot.js';

interface Hooks<Request> {
  addHook(
    name: 'onRequest' | 'preValidation',
    hook: (request: Request, reply: unknown, next: () => void) => void,
  ): unknown;
}

type Plugin<Request> = (app: Hooks<Request>, options: unknown, done: () => void) => void;

/**
 * Fastify 4 and 5: `app.register(requestContext({ attributes: (request) => ({ tenant: request.hostname }) }))`, before
 * the routes.
 */
export function requestContext<Request extends { readonly headers: Headers }>(
  options: RequestContextOptions<Request> = {},
): Plugin<Request> {
  const open = new WeakMap<Request, RequestContext>();
  const plugin: Plugin<Request> = (app, _options, done) => {
    app.addHook('onRequest', (request, _reply, next) => {
      const context = openRequest(request.headers, request, options);
      if (context !== undefined) open.set(request, context);
      runIn(context, next);
    });
    // A body arrives by events of the socket, which belong to no request.
    app.addHook('preValidation', (request, _reply, next) => runIn(open.get(request), next));
    done();
  };
  // Hooks of a plugin are only for itself unless it says so: https://fastify.dev/docs/latest/Reference/Plugins/
  return Object.assign(plugin, {
    [Symbol.for('skip-override')]: true,
    [Symbol.for('fastify.display-name')]: 'dormouse-request-context',
  });
}
