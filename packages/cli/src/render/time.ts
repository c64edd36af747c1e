/** Local date and time to the millisecond: `2026-01-05 09:00:00.123`. */
export function formatDateTime(at: number): string {
  const date = new Date(at);
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${formatTime(at)}`;
}

/** Local time of day to the millisecond: `09:00:00.123`. */
export function formatTime(at: number): string {
  const date = new Date(at);
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  return `${time}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** The two largest units of a duration in ms: `45s`, `9m 30s`, `2h`, `6d 23h`; below a second `0s`. */
export function formatDuration(ms: number): string {
  const first = UNITS.findIndex(([, unit]) => ms >= unit);
  if (first < 0) return '0s';
  let rest = ms;
  const parts: string[] = [];
  for (const [name, unit] of UNITS.slice(first, first + 2)) {
    const whole = Math.floor(rest / unit);
    if (whole > 0) parts.push(`${whole}${name}`);
    rest -= whole * unit;
  }
  return parts.join(' ');
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
