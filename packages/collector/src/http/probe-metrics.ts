import type { FastifyInstance } from 'fastify';
import { CollectorError } from '../collector-error.js';
import { probeMetrics } from '../out/prometheus/probe-metrics.js';
import { PROMETHEUS_TEXT, sendMetrics } from './prometheus-text.js';
import { errorResponses } from './responses.js';

/** For Prometheus: what the probes of an environment count and measure. */
export function probeMetricsRoute(app: FastifyInstance): void {
  app.route({
    method: 'GET',
    url: '/metrics/prometheus',
    schema: {
      operationId: 'getProbeMetrics',
      summary: 'Get the metrics of active probes for Prometheus',
      description:
        'From their beginning. At most 100 probes, and of each the 20 largest series and the others together. Series are ' +
        'named by captured values: it takes the grant `values`, of all services.',
      tags: ['captures'],
      response: { 200: PROMETHEUS_TEXT, ...errorResponses(['INVALID_REQUEST', 'NOT_FOUND']) },
    },
    config: { permission: 'captures:read', recorded: { operation: 'getProbeMetrics', as: 'read' } },
    async handler({ caller, core }, reply) {
      if (!caller.may('captures:read', 'all') || !caller.has('values', 'all')) {
        throw new CollectorError('FORBIDDEN', 'This takes the grant values, of all services.');
      }
      return sendMetrics(reply, await probeMetrics(core));
    },
  });
}
