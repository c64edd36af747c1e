import { DateTime, Duration } from 'luxon';

const stay = (n) => {
  const start = DateTime.fromObject({ year: 2026, month: 1 + (n % 12), day: 1 + (n % 28) }, { zone: 'utc' });
  const end = DateTime.fromISO(start.plus({ days: n % 90, hours: n % 24 }).toISO(), { zone: 'utc' });
  const length = end.diff(start, ['months', 'days', 'hours']);
  return start.toFormat('yyyy-LL-dd HH:mm') + Duration.fromObject(length.toObject()).toISO() + end.weekNumber;
};

export const first = () => stay(1);

export function work() {
  let length = 0;
  for (let n = 0; n < 1_000; n++) length += stay(n).length;
  return length;
}
