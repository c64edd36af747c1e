import { ERROR_CODES, type ErrorCode } from '@dormouse/protocol';
import type { z } from 'zod';
import { errorBody } from '../schemas/views.js';

/** What any request below the API's prefix can meet. */
export const COMMON_ERRORS: readonly ErrorCode[] = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'INVALID_REQUEST',
  'TOO_MANY_ATTEMPTS',
  'TOO_MANY_REQUESTS',
  'INTERNAL',
];

/** An answer in JSON, as the OpenAPI document describes it. */
export function json(description: string, schema: z.ZodType): unknown {
  return { description, content: { 'application/json': { schema } } };
}

/** The errors of a route that needs a token, by status. */
export function errorResponses(codes: readonly ErrorCode[]): Record<string, unknown> {
  const descriptions = new Map<number, string[]>();
  for (const code of new Set([...COMMON_ERRORS, ...codes])) {
    const { status, summary } = ERROR_CODES[code];
    descriptions.set(status, [...(descriptions.get(status) ?? []), `\`${code}\`: ${summary}`]);
  }
  return Object.fromEntries(
    Array.from(descriptions, ([status, lines]) => [status, json(lines.join('\n\n'), errorBody)]),
  );
}
