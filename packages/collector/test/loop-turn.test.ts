import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { isTurnOver, nextTurn } from '../src/agents/loop-turn.ts';

test('however many work on what agents sent, others come to their turn', async () => {
  const done: number[] = [];
  let isOver = false;
  const work = async (who: number): Promise<void> => {
    while (!isOver) {
      while (isTurnOver()) await nextTurn();
      const begin = performance.now();
      while (performance.now() - begin < 4);
      done.push(who);
    }
  };
  const working = [1, 2, 3, 4, 5].map(work);
  for (let turn = 0; turn < 10; turn++) {
    const before = done.length;
    await setImmediate();
    expect(done.length - before).toBeLessThanOrEqual(3);
  }
  isOver = true;
  await Promise.all(working);
  expect(new Set(done)).toEqual(new Set([1, 2, 3, 4, 5]));
});
