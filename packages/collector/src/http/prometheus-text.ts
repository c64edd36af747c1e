import type { FastifyReply } from 'fastify';
import type { Registry } from 'prom-client';
import { z } from 'zod';

/** The answer, as the OpenAPI document describes it. */
export const PROMETHEUS_TEXT = {
  description: 'Prometheus’ text format, version 0.0.4.',
  content: { 'text/plain': { schema: z.string() } },
};

export async function sendMetrics(reply: FastifyReply, registry: Registry): Promise<FastifyReply> {
  return reply
    .headers({ 'content-type': registry.contentType, 'cache-control': 'no-store' })
    .send(await registry.metrics());
}
