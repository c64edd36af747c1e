import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { logOptions } from '../src/log.ts';

/** What the log makes of it. */
function logged(fields: object, words: string): Record<string, unknown> {
  let written = '';
  const stream = { write: (line: string) => (written += line) };
  const { log } = Fastify({ logger: { ...(logOptions('info') as object), stream } });
  log.error(fields, words);
  return JSON.parse(written) as Record<string, unknown>;
}

test('of a database error the log has its words, and nothing of the row', () => {
  const refused = Object.assign(new Error('value too long'), {
    code: '22001',
    detail: 'Failing row contains (4929 1234 5678 9012).',
  });
  const line = logged({ err: new Error('not stored', { cause: refused }) }, 'it failed');
  expect(line).toMatchObject({
    level: 'error',
    msg: 'it failed',
    err: { type: 'Error', message: 'not stored', cause: { code: '22001', message: 'value too long' } },
  });
  expect(JSON.stringify(line)).not.toContain('4929');
});

test.each([
  ['dma_0123456789abcdefABCDEF', 'dma_…'],
  ['postgres://dormouse:hunter2@db/dormouse', 'postgres://dormouse:…@db/dormouse'],
])('%s does not reach the log', (secret, shown) => {
  const line = logged({ err: new Error(`cannot use ${secret}`), reason: secret }, secret);
  expect(line).toMatchObject({ msg: shown, reason: shown, err: { message: `cannot use ${shown}` } });
  expect(JSON.stringify(line)).not.toContain(secret);
});
