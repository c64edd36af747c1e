import type { CaptureQuery } from '../../../api/api.js';

/** What the address says of a search: `text` or `where`, `from` and `to` in ms since 1970. */
export type SearchAddress = Readonly<Record<string, string | undefined>>;

/** What is asked of the collector; nothing where nothing is searched for. */
export function queryOf(service: string, { text, where, from, to }: SearchAddress): CaptureQuery | undefined {
  if (text === undefined && where === undefined) return undefined;
  return {
    service,
    ...(text !== undefined && { text }),
    ...(where !== undefined && { where }),
    ...(from !== undefined && { from: Number(from) }),
    ...(to !== undefined && { to: Number(to) }),
  };
}

/** A moment as a field for local times has it: `2026-11-21T14:03:07`. */
export function fieldTime(ms: string | undefined): string {
  const at = new Date(Number(ms ?? NaN));
  if (Number.isNaN(at.getTime())) return '';
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

/** ms since 1970 of what stands in such a field. */
export function fieldMoment(text: string): string | undefined {
  const at = new Date(text).getTime();
  return Number.isNaN(at) ? undefined : String(at);
}
