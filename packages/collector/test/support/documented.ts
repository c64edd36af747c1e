import { ERROR_CODES, type ErrorBody } from '@dormouse/protocol';
import { expect } from 'vitest';
import { COMMON_ERRORS } from '../../src/http/responses.ts';
import { OPERATIONS } from '../../src/operations/operations.ts';
import { errorBody } from '../../src/schemas/views.ts';

/** An answer must have the documented shape, the documented status, and not one field more; a failure a documented code. */
export function expectDocumented(method: string, path: string, status: number, body: unknown): void {
  const operation = OPERATIONS.find(
    (candidate) => candidate.method === method && matches(candidate.path, path.split('?', 1)[0]!),
  );
  if (status >= 400) {
    expect(errorBody.parse(body)).toEqual(body);
    const { code } = (body as ErrorBody).error;
    expect(status).toBe(ERROR_CODES[code].status);
    if (operation !== undefined) expect(codesOf(operation), `${method} ${path}`).toContain(code);
    return;
  }
  if (operation === undefined) return;
  expect(status).toBe(operation.status ?? 200);
  expect(operation.output.parse(body)).toEqual(body);
}

const codesOf = ({ errors, method }: (typeof OPERATIONS)[number]): readonly string[] => [
  ...COMMON_ERRORS,
  ...(method === 'GET' ? [] : ['BODY_TOO_LARGE']),
  ...errors,
];

/** `/probes/:id` and `/probes/p_1`. */
function matches(template: string, path: string): boolean {
  const expected = template.split('/');
  const actual = path.split('/');
  return (
    expected.length === actual.length &&
    expected.every((segment, index) => segment.startsWith(':') || segment === actual[index])
  );
}
