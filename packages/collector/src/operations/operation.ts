import type { ErrorCode } from '@dormouse/protocol';
import type { z } from 'zod';
import type { Caller } from '../auth/caller.js';
import type { Grant, Permission } from '../auth/permissions.js';
import type { Core } from '../core.js';
import type { Site } from '../site.js';

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
  readonly tag: 'access' | 'services' | 'builds' | 'probes' | 'captures' | 'policies' | 'out' | 'audit';
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the API's prefix, `:name` for parameters. */
  readonly path: string;
  readonly permission: Permission;
  /** What it takes besides. */
  readonly grant?: Grant;
  /**
   * What is answered to those who may not read captured values, or those of some services only. Without it, and without
   * `grant`, the answer has none.
   */
  readonly withoutValues?: (
    output: z.output<Output>,
    reads: (service: string) => boolean,
  ) => z.output<Output>;
  /**
   * Whoever may do this in some services only may ask for it too: it looks itself at what the caller may, or every element of its
   * lists names its `service`, and those of others are left out.
   */
  readonly isPerService?: true;
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

/** An operation on what is of no environment. Where in the tree the permission is needed, it decides itself. */
export interface DirectoryOperation<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Output extends z.ZodType = z.ZodType,
> extends Omit<Operation<Params, Query, Body, Output>, 'run' | 'grant' | 'withoutValues' | 'isPerService'> {
  run(site: Site, input: OperationInput<Params, Query, Body>, caller: Caller): Promise<z.output<Output>>;
}

export type AnyOperation =
  | (Operation & { readonly about: 'environment' })
  | (DirectoryOperation & { readonly about: 'directory' });

/** Ties the types of an operation's schemas to its `run`. */
export function defineOperation<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Output extends z.ZodType,
>(operation: Operation<Params, Query, Body, Output>): Operation & { readonly about: 'environment' } {
  return { ...(operation as unknown as Operation), about: 'environment' };
}

/** The same for one on the directory. */
export function defineDirectoryOperation<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Output extends z.ZodType,
>(
  operation: DirectoryOperation<Params, Query, Body, Output>,
): DirectoryOperation & { readonly about: 'directory' } {
  return { ...(operation as unknown as DirectoryOperation), about: 'directory' };
}
