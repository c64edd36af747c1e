import type { HrTime } from '@opentelemetry/api';

/** @param ms since 1970, or long */
export function hrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1_000);
  return [seconds, Math.round((ms - seconds * 1_000) * 1e6)];
}
