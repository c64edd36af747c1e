import { expect, test } from 'vitest';
import { Chore } from '../src/others/chore.ts';

/** A chore that a test lets end, each time it is done. */
function controlled(restMs?: number) {
  const running: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const failures: unknown[] = [];
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      running.push({ resolve, reject });
    });
  const chore = new Chore(work, (error) => failures.push(error), restMs);
  return { chore, running, failures };
}

test('a chore asked for while it is being done is done once more', async () => {
  const { chore, running } = controlled();
  await chore.done();
  for (let asked = 0; asked < 5; asked++) chore.ask();
  expect(running).toHaveLength(1);
  for (let asked = 0; asked < 5; asked++) chore.ask();
  running[0]!.resolve();
  await expect.poll(() => running.length).toBe(2);
  running[1]!.resolve();
  await chore.done();
  expect(running).toHaveLength(2);
});

test('a chore that fails says so, and is done when it is asked for again', async () => {
  const { chore, running, failures } = controlled();
  chore.ask();
  running[0]!.reject(new Error('no'));
  await chore.done();
  expect(failures).toEqual([new Error('no')]);
  chore.ask();
  expect(running).toHaveLength(2);
  running[1]!.resolve();
  await chore.done();
});

test('a chore rests between two times', async () => {
  const { chore, running } = controlled(100);
  const begun = performance.now();
  chore.ask();
  chore.ask();
  running[0]!.resolve();
  await expect.poll(() => running.length, { interval: 5 }).toBe(2);
  expect(performance.now() - begun).toBeGreaterThan(90);
  running[1]!.resolve();
  await chore.done();
});
