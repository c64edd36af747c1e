import type { ErrorCode } from '@dormouse/protocol';
import type { z } from 'zod';
import type { Caller } from '../auth/caller.js';
import type { Permission } from '../auth/permissions.js';
import type { Core } from '../core.js';

/**
 * Something that can be asked of the collector. It knows no transport: HTTP routes and the OpenAPI document
 * are made from the list of operations, and so is every other door.
 */
export interface Operation<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Output extends z.ZodType = z.ZodType,
> {
  /** A verb and a noun in camel case, unique. */
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  readonly tag: 'services' | 'builds' | 'probes' | 'captures' | 'policies' | 'out';
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the API's prefix, `:name` for parameters. */
  readonly path: string;
  readonly permission: Permission;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** Bytes; without it the limit of every request. */
  readonly bodyLimit?: number;
  readonly output: Output;
  readonly outputDescription: string;
  /** Of a success; without it 200. */
  readonly status?: 200 | 201;
  /** What it throws besides the errors that any request can meet. */
  readonly errors: readonly ErrorCode[];
  run(core: Core, input: OperationInput<Params, Query, Body>, caller: Caller): Promise<z.output<Output>>;
}

export interface OperationInput<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> {
  readonly params: z.output<Params>;
  readonly query: z.output<Query>;
  readonly body: z.output<Body>;
}

/** Ties the types of an operation's schemas to its `run`. */
export function defineOperation<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Output extends z.ZodType,
>(operation: Operation<Params, Query, Body, Output>): Operation {
  return operation as unknown as Operation;
}
