import { API_PREFIX } from '@dormouse/protocol';
import type { z } from 'zod';
import { CollectorError } from '../collector-error.js';
import { firstProblem } from './problem.js';

/**
 * What a schema makes of a value that was put together from a request.
 * @throws {CollectorError} INVALID_REQUEST
 */
export function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalidRequest(result.error);
}

export function invalidRequest(error: z.ZodError): CollectorError {
  const { path, message } = firstProblem(error);
  const where = path === '' ? 'The request' : path;
  return new CollectorError(
    'INVALID_REQUEST',
    `${where}: ${message}. GET ${API_PREFIX}/openapi.json describes every request.`,
    path === '' ? {} : { path },
  );
}
