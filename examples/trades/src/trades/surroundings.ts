import { randomUUID } from 'node:crypto';

import { seededRandom, type Random } from '../random.js';

/** What a service takes from the world outside: time, identity and chance. */
export interface Surroundings {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly newId: (prefix: string) => string;
  readonly random: Random;
}

/** Surroundings for production, or with a seed such that the same requests get the same answers. */
export function surroundingsFor(seed: number | undefined): Surroundings {
  return seed === undefined ? realSurroundings() : seededSurroundings(seed);
}

function realSurroundings(): Surroundings {
  return { now: Date.now, newId: (prefix) => `${prefix}_${randomUUID()}`, random: Math.random };
}

/** Time passes one millisecond per look at the clock, and ids are counted. */
function seededSurroundings(seed: number): Surroundings {
  let time = Date.UTC(2026, 0, 5, 9);
  let issued = 0;
  return {
    now: () => (time += 1),
    newId: (prefix) => `${prefix}_${seed}_${String((issued += 1)).padStart(6, '0')}`,
    random: seededRandom(seed),
  };
}
