const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How long a token may live. */
export const LIVES: readonly (readonly [ms: number, name: string])[] = [
  [7 * DAY_MS, 'a week'],
  [30 * DAY_MS, '30 days'],
  [90 * DAY_MS, '90 days'],
  [365 * DAY_MS, 'a year'],
];

/** How long the secret before the last is good as well. */
export const OVERLAPS: readonly (readonly [ms: number, name: string])[] = [
  [0, 'not at all: it is worth nothing at once'],
  [HOUR_MS, 'an hour'],
  [DAY_MS, 'a day'],
  [7 * DAY_MS, 'a week'],
];

/** How long somebody may have more rights. */
export const ELEVATIONS: readonly (readonly [ms: number, name: string])[] = [
  [HOUR_MS / 4, '15 minutes'],
  [HOUR_MS, 'an hour'],
  [4 * HOUR_MS, '4 hours'],
  [8 * HOUR_MS, '8 hours'],
];
