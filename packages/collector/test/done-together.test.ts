import { expect, test } from 'vitest';
import { DoneTogether } from '../src/probes/done-together.ts';

/** Work that a test lets end, each time it is done. */
function controlled() {
  const running: { id: string; resolve: () => void; reject: (error: Error) => void }[] = [];
  const work = (id: string): Promise<void> =>
    new Promise((resolve, reject) => {
      running.push({ id, resolve, reject });
    });
  return { doing: new DoneTogether(work), running };
}

test('what ten thousand ask for while it is under way is done once more, for all of them', async () => {
  const { doing, running } = controlled();
  const first = doing.ask('p');
  await expect.poll(() => running.length).toBe(1);
  let answered = 0;
  const others = Array.from({ length: 10_000 }, () => doing.ask('p').then(() => answered++));
  const begun = performance.now();
  running[0]!.resolve();
  await first;
  await expect.poll(() => running.length, { interval: 5 }).toBe(2);
  expect(performance.now() - begun).toBeGreaterThan(90);
  expect(answered).toBe(0);
  running[1]!.resolve();
  await Promise.all(others);
  expect(running).toHaveLength(2);
});

test('one probe does not wait for another', async () => {
  const { doing, running } = controlled();
  const [p, q] = [doing.ask('p'), doing.ask('q')];
  await expect.poll(() => running.map(({ id }) => id)).toEqual(['p', 'q']);
  running[1]!.resolve();
  await q;
  running[0]!.resolve();
  await p;
});

test('who asks before a failure hears of it, and who asks after it is served', async () => {
  const { doing, running } = controlled();
  const first = doing.ask('p');
  await expect.poll(() => running.length).toBe(1);
  const second = doing.ask('p');
  running[0]!.reject(new Error('no'));
  await expect(first).rejects.toThrow('no');
  await expect.poll(() => running.length).toBe(2);
  running[1]!.resolve();
  await second;
});
