import type { RouteOptions } from 'fastify';
import type { RecordedRoute } from './requests.js';

/**
 * What is written down of a route that does not say so itself: of everything that may change anything, and of everything
 * that shows captured values. No route is forgotten.
 */
export function recordedAs({ method, url, schema, config }: RouteOptions): RecordedRoute {
  const operation = (schema as { readonly operationId?: string } | undefined)?.operationId ?? url;
  if (method !== 'GET') return { operation, as: 'change' };
  return { operation, as: config?.permission === 'captures:read' ? 'read' : 'nothing' };
}
