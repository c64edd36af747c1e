import type { FunctionView } from '@dormouse/protocol';
import { expect, test } from 'vitest';
import { openCollector } from './support/collector.ts';
import { makeManifest, PRICE, RISK } from './support/manifest.ts';

/** Functions of a running build are listed and searched. */

interface Found {
  readonly functions: readonly FunctionView[];
  readonly total: number;
}

async function open(): Promise<(query: string) => Promise<Found>> {
  const collector = await openCollector();
  const shop = {
    path: 'src/risk/shop.ts',
    functions: [{ name: 'sell', line: 1, endLine: 3, points: [{ line: 2, locals: ['assessed'] }] }],
  };
  await collector.agent({}, makeManifest('c'.repeat(24), [shop, PRICE, RISK]));
  return (query) => collector.api.get<Found>(`/functions?service=trades${query}`);
}

test('a function is told with its lines and all variables that its points know', async () => {
  const list = await open();
  const { functions, total } = await list('&file=risk.ts');
  expect(total).toBe(1);
  expect(functions).toEqual([
    {
      buildId: 'c'.repeat(24),
      file: 'src/risk.ts',
      function: 'assess',
      kind: 'function',
      form: 'twin',
      async: false,
      exits: 'all',
      line: 10,
      endLine: 20,
      lines: [11, 13, 18],
      variables: ['trade', 'limits', 'score', 'config', 'flag'],
    },
  ]);
});

test('a search finds names of functions first, then of files, then of variables, in any case', async () => {
  const list = await open();
  const names = async (query: string): Promise<string[]> =>
    (await list(query)).functions.map((found) => found.function);
  expect(await names('&search=ASSESS')).toEqual(['assess', 'sell']);
  expect(await names('&search=risk')).toEqual(['sell', 'assess']);
  expect(await names('&search=cart')).toEqual(['price']);
  expect(await names('&search=score+RISK')).toEqual(['assess']);
  expect(await names('&search=score+nothing')).toEqual([]);
});

test('more than the limit are counted and not shown', async () => {
  const list = await open();
  const { functions, total } = await list('&limit=2');
  expect(functions).toHaveLength(2);
  expect(total).toBe(3);
});
