import type { FastifyInstance } from 'fastify';

/** Tells the log, at level `debug`, of every request how it was answered. Of its address only the route: queries hold what people look for. */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request;
    const { statusCode: status, elapsedTime } = reply;
    request.log.debug({ method, route: routeOptions.url, status, ms: Math.round(elapsedTime) }, 'request');
  });
}
