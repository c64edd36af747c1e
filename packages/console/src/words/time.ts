const CLOCK = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});

const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

/** `14:03:07.412` */
export const clock = (at: number): string => CLOCK.format(at);

/** `21 Nov 2026, 14:03:07` */
export const date = (at: number): string => DATE.format(at);

const UNITS: readonly (readonly [ms: number, name: string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
];

/** A rough time: `42 s`, `5 min`, `3 h`. */
export function roughly(ms: number): string {
  const [unit, name] = UNITS.find(([size]) => ms >= size) ?? [1_000, 's'];
  return `${Math.max(0, Math.floor(ms / unit))} ${name}`;
}
