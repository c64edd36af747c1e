import { ERROR_CODES, type ErrorBody } from '@dormouse/protocol';
import { expect } from 'vitest';
import { OPERATIONS } from '../../src/operations/operations.ts';
import { errorBody } from '../../src/schemas/views.ts';

/** An answer must have the documented shape, the documented status, and not one field more. */
export function expectDocumented(method: string, path: string, status: number, body: unknown): void {
  if (status >= 400) {
    expect(errorBody.parse(body)).toEqual(body);
    expect(status).toBe(ERROR_CODES[(body as ErrorBody).error.code].status);
    return;
  }
  const operation = OPERATIONS.find(
    (candidate) => candidate.method === method && matches(candidate.path, path.split('?', 1)[0]!),
  );
  if (operation === undefined) return;
  expect(status).toBe(operation.status ?? 200);
  expect(operation.output.parse(body)).toEqual(body);
}

/** `/probes/:id` and `/probes/p_1`. */
function matches(template: string, path: string): boolean {
  const expected = template.split('/');
  const actual = path.split('/');
  return (
    expected.length === actual.length &&
    expected.every((segment, index) => segment.startsWith(':') || segment === actual[index])
  );
}
