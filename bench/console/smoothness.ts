import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';

export const TURNS_A_SECOND = 10;

/** How a page stays usable while much happens. */
export interface Smoothness {
  readonly framesPerSecond: number;
  /** Longest time between two frames, and longest time that the page was busy without a break, ms. */
  readonly longestFrame: number;
  readonly longestTask: number;
  /** Tasks of more than 50 ms. */
  readonly longTasks: number;
}

/** Counts frames and long tasks in the page, until another one does. */
const WATCH = `{
  const watched = { frames: 0, ms: 0, longestFrame: 0, longestTask: 0, longTasks: 0 };
  globalThis.watched = watched;
  const began = performance.now();
  let last = began;
  requestAnimationFrame(function frame(now) {
    watched.frames++;
    watched.longestFrame = Math.max(watched.longestFrame, now - last);
    watched.ms = now - began;
    last = now;
    if (globalThis.watched === watched) requestAnimationFrame(frame);
  });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      watched.longTasks++;
      watched.longestTask = Math.max(watched.longestTask, duration);
    }
  }).observe({ type: 'longtask' });
}`;

/** How smooth the page is while something happens {@link TURNS_A_SECOND} times a second. */
export async function watchWhile(
  page: Page,
  seconds: number,
  turn: (turns: number) => Promise<void>,
): Promise<Smoothness> {
  await page.evaluate(WATCH);
  const begin = performance.now();
  for (let turns = 1; turns <= seconds * TURNS_A_SECOND; turns++) {
    await turn(turns);
    await sleep(Math.max(0, begin + (turns * 1_000) / TURNS_A_SECOND - performance.now()));
  }
  const { frames, ms, ...longest } = (await page.evaluate('watched')) as Omit<
    Smoothness,
    'framesPerSecond'
  > & {
    frames: number;
    ms: number;
  };
  return { framesPerSecond: (frames * 1_000) / ms, ...longest };
}
