import type { z } from 'zod';

/** Where a value breaks its schema, and how. */
export interface Problem {
  /** `limits.hits`, `watches[2]`; empty for the whole value. */
  readonly path: string;
  readonly message: string;
}

/** The first problem of a failed parse: one at a time is what a person can mend. */
export function firstProblem(error: z.ZodError | z.core.$ZodError): Problem {
  const issue = error.issues[0]!;
  return { path: writePath(issue.path), message: issue.message };
}

export function writePath(segments: readonly PropertyKey[]): string {
  return segments
    .map((segment, index) => {
      if (typeof segment === 'number') return `[${segment}]`;
      return index === 0 ? String(segment) : `.${String(segment)}`;
    })
    .join('');
}
