import { LIMITS } from '@dormouse/protocol';
import { describe, expect, it } from 'vitest';
import { createBackoff } from '../src/transport/backoff.ts';

const { reconnectMinMs, reconnectMaxMs } = LIMITS;

describe('the pauses before connecting again', () => {
  it('double up to the longest, and begin anew after a connection', () => {
    const backoff = createBackoff();
    const ceilings = [1, 2, 4, 8, 16, 32, 64, 128].map((times) => times * reconnectMinMs);
    for (const ceiling of [...ceilings, reconnectMaxMs, reconnectMaxMs]) {
      const pause = backoff.next();
      expect(pause).toBeGreaterThanOrEqual(ceiling / 2);
      expect(pause).toBeLessThanOrEqual(ceiling);
    }
    backoff.reset();
    expect(backoff.next()).toBeLessThanOrEqual(reconnectMinMs);
  });

  it('are spread, so that a fleet does not come back all at once', () => {
    const first = Array.from({ length: 1_000 }, () => createBackoff().next());
    const tenth = reconnectMinMs / 20;
    const inEachTenth = Array.from(
      { length: 10 },
      (_, part) => first.filter((pause) => Math.floor((pause - reconnectMinMs / 2) / tenth) === part).length,
    );
    expect(Math.min(...inEachTenth)).toBeGreaterThan(50);
    expect(Math.max(...inEachTenth)).toBeLessThan(200);
  });
});
