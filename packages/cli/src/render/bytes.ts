const UNITS = ['kB', 'MB', 'GB'] as const;
/** Larger numbers are told in the next unit. */
const MOST = 10_000;

/** `0.3 kB`, `1,204.0 kB`, `61.5 MB`. */
export function bytes(number: number): string {
  let size = number / 1_000;
  let unit = 0;
  for (; size >= MOST && unit < UNITS.length - 1; unit++) size /= 1_000;
  const text = size.toLocaleString('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  return `${text} ${UNITS[unit]}`;
}
