import { setImmediate } from 'node:timers/promises';

/** What agents have sent is taken up for so long, ms. */
const TURN_MS = 10;

/** There is one event loop, so there is one turn of it. */
let began = 0;
let next: Promise<void> | undefined;

/** Whether messages of agents, of however many, were taken up for long enough, and others should come to their turn. */
export const isTurnOver = (): boolean => performance.now() - began > TURN_MS;

/** Resolves when the loop has been round: what people ask and what databases answer was read meanwhile. */
export function nextTurn(): Promise<void> {
  next ??= setImmediate().then(() => {
    began = performance.now();
    next = undefined;
  });
  return next;
}
