import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { together } from '../../src/storage/sql/together.ts';

test('what very many ask for is done in few transactions, in the order in which it was asked for', async () => {
  const batches: (readonly number[])[] = [];
  const double = together({
    work: async (items: readonly number[]) => {
      batches.push(items);
      await setImmediate();
      return items.map((item) => 2 * item);
    },
    most: 500,
  });
  const numbers = Array.from({ length: 10_000 }, (_, index) => index);
  expect(await Promise.all(numbers.map(double))).toEqual(numbers.map((number) => 2 * number));
  expect(batches.flat()).toEqual(numbers);
  expect(batches.map(({ length }) => length)).toEqual(Array.from({ length: 20 }, () => 500));
});

test('an item that is larger than a transaction is done by itself', async () => {
  const batches: (readonly string[])[] = [];
  const store = together({
    work: async (items: readonly string[]) => {
      batches.push(items);
      return items;
    },
    most: 3,
    size: ({ length }) => length,
  });
  await Promise.all(['a', 'bb', 'much too long', 'c'].map(store));
  expect(batches).toEqual([['a', 'bb'], ['much too long'], ['c']]);
});

test('what fails does so for nobody else', async () => {
  const store = together({
    work: async (items: readonly string[]) => {
      if (items.includes('bad')) throw new Error('bad');
      return items;
    },
    most: 10,
  });
  const results = await Promise.allSettled(['a', 'bad', 'c'].map(store));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await store('d')).toBe('d');
});
