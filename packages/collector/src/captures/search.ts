import { setImmediate } from 'node:timers/promises';
import type { CaptureView, ProbeKind, SearchScope } from '@dormouse/protocol';
import type { CaptureOrder, CaptureStore, CaptureText, LimitedFilter } from '../storage/contract/captures.js';
import { mentions } from './mentions.js';
import type { ValueCondition } from './value-condition.js';

/** What is searched for. Probe, service and group have an index, times lead to cursors; for the rest captures are looked through. */
export interface CaptureQuery extends LimitedFilter {
  readonly kind?: ProbeKind | undefined;
  readonly traceId?: string | undefined;
  readonly instance?: string | undefined;
  readonly buildId?: string | undefined;
  /** When it arrived, ms since 1970: at this moment or later, and before that one. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** Somewhere in its evidence, in any case. */
  readonly text?: string | undefined;
  /** All of them hold. */
  readonly where: readonly ValueCondition[];
}

/** Where captures are looked for: those of processes, or of an import. */
export type SearchableStore = Pick<CaptureStore, 'texts' | 'firstSince'>;

export interface CapturePage {
  readonly captures: CaptureView[];
  /** To go on with, if there is more to be looked at. */
  readonly next?: string;
  readonly scope: SearchScope;
}

/** What one search may take of a collector that has others to serve. */
export interface SearchLimits {
  /** Captures. */
  readonly examined: number;
  readonly ms: number;
}

export const SEARCH_LIMITS: SearchLimits = { examined: 50_000, ms: 1_000 };

/** Captures read at once. Between two reads others get their turn. */
const CHUNK = 250;

/**
 * The captures that match, in the order asked for, as far as the limits let it look.
 * @param after a cursor: only beyond it
 * @param most captures of the page
 */
export async function searchCaptures(
  store: SearchableStore,
  query: CaptureQuery,
  { order, after, most }: { order: CaptureOrder; after?: number | undefined; most: number },
  limits: SearchLimits = SEARCH_LIMITS,
): Promise<CapturePage> {
  const matcher = new Matcher(query);
  const range = await rangeOf(store, query, order, after);
  const chunk = matcher.acceptsAll ? most + 1 : CHUNK;
  const deadline = performance.now() + limits.ms;
  const captures: CaptureView[] = [];
  let { after: position } = range;
  let last: CaptureText | undefined;
  let examined = 0;
  const read = (limit: number): Promise<CaptureText[]> =>
    store.texts(query, { ...range, ...(position !== undefined && { after: position }), order, limit });
  const finish = (complete: boolean): CapturePage => ({
    captures,
    ...(!complete && last !== undefined && { next: String(last.cursor) }),
    scope: {
      examined,
      undecided: matcher.undecided,
      complete,
      ...(last !== undefined && { reached: (JSON.parse(last.json) as CaptureView).receivedAt }),
    },
  });

  for (;;) {
    const texts = await read(chunk);
    for (const [index, text] of texts.entries()) {
      examined++;
      last = text;
      position = text.cursor;
      const capture = matcher.match(text);
      if (capture !== undefined) captures.push(capture);
      if (captures.length < most && examined < limits.examined) continue;
      const isLast = index === texts.length - 1;
      return finish(isLast && (texts.length < chunk || (await read(1)).length === 0));
    }
    if (texts.length < chunk) return finish(true);
    if (performance.now() > deadline) return finish((await read(1)).length === 0);
    await setImmediate();
  }
}

async function rangeOf(
  store: SearchableStore,
  { from, to }: CaptureQuery,
  order: CaptureOrder,
  after: number | undefined,
): Promise<{ after?: number; until?: number }> {
  const first = from === undefined ? undefined : await store.firstSince(from);
  const beyond = to === undefined ? undefined : await store.firstSince(to);
  const [start, until] =
    order === 'newest'
      ? [least(after, beyond), first]
      : [most(after, first && first - 1), beyond === undefined ? undefined : beyond - 1];
  return { ...(start !== undefined && { after: start }), ...(until !== undefined && { until }) };
}

const least = (one = Infinity, other = Infinity): number | undefined => finite(Math.min(one, other));
const most = (one = -Infinity, other = -Infinity): number | undefined => finite(Math.max(one, other));
const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);

const FIELDS = ['kind', 'traceId', 'instance', 'buildId'] as const satisfies readonly (keyof CaptureQuery)[];

/** Tells the captures that match, and reads only those that may. */
class Matcher {
  readonly acceptsAll: boolean;
  /** Captures for which it cannot be told. */
  undecided = 0;
  readonly #query: CaptureQuery;
  /** All of these are in the JSON of every capture that matches, in small letters. */
  readonly #needles: readonly string[];
  readonly #text: string | undefined;

  constructor(query: CaptureQuery) {
    this.#query = query;
    const fields = FIELDS.map((field) => query[field]).filter((value) => value !== undefined);
    this.#text = query.text?.toLowerCase();
    const text = this.#text === undefined ? [] : [JSON.stringify(this.#text).slice(1, -1)];
    this.#needles = [...fields.map((value) => JSON.stringify(value).toLowerCase()), ...text];
    this.acceptsAll = this.#needles.length === 0 && query.where.length === 0;
  }

  match({ cursor, json }: CaptureText): CaptureView | undefined {
    if (!this.#mayMatch(json)) return undefined;
    const capture = { ...(JSON.parse(json) as CaptureView), cursor: String(cursor) };
    return this.acceptsAll || this.#matches(capture) ? capture : undefined;
  }

  #mayMatch(json: string): boolean {
    if (this.#needles.length === 0) return true;
    const small = json.toLowerCase();
    return this.#needles.every((needle) => small.includes(needle));
  }

  #matches(capture: CaptureView): boolean {
    const query = this.#query;
    if (FIELDS.some((field) => query[field] !== undefined && query[field] !== capture[field])) return false;
    if (this.#text !== undefined && !mentions(capture, this.#text)) return false;
    const verdicts = query.where.map((condition) => condition.test(capture));
    if (verdicts.includes(false)) return false;
    if (!verdicts.includes(undefined)) return true;
    this.undecided++;
    return false;
  }
}
