import type { CaptureView } from '@dormouse/protocol';

/** Something in a trace: a span, or anything else that was captured in it. Times: ms since 1970, by the clock of its process. */
export interface TraceItem {
  readonly key: string;
  /** Absent: a span that others name as the one around them, and that was recorded elsewhere. */
  readonly capture: CaptureView | undefined;
  /** The id of the span that it is. */
  readonly spanId: string | undefined;
  readonly startedAt: number;
  /** The same for what is of a moment. */
  readonly endedAt: number;
  /** By their begin. */
  readonly children: readonly TraceItem[];
}

interface Draft extends TraceItem {
  startedAt: number;
  endedAt: number;
  readonly children: Draft[];
}

/** What was captured in one trace, inside of the spans that it names, by its begin. */
export function traceTree(captures: readonly CaptureView[]): readonly TraceItem[] {
  const items = captures.map(itemOf);
  const spans = new Map(items.flatMap((item) => (item.spanId === undefined ? [] : [[item.spanId, item]])));
  const roots: Draft[] = [];
  for (const item of items) {
    const parent = parentOf(item.capture!);
    if (parent === undefined || isAround(item, parent, spans)) {
      roots.push(item);
      continue;
    }
    const around = spans.get(parent) ?? elsewhere(parent);
    if (!spans.has(parent)) {
      spans.set(parent, around);
      roots.push(around);
    }
    around.children.push(item);
  }
  for (const root of roots) settle(root);
  return roots.sort(byBegin);
}

/** Items, and all that is in them. */
export const everyItem = (items: readonly TraceItem[]): readonly TraceItem[] =>
  items.flatMap((item) => [item, ...everyItem(item.children)]);

function itemOf(capture: CaptureView): Draft {
  const { at, durationMs = 0, span } = capture;
  const startedAt = span?.startedAt ?? at - durationMs;
  const endedAt = span === undefined ? at : span.startedAt + span.durationMs;
  return { key: capture.id, capture, spanId: span?.spanId, startedAt, endedAt, children: [] };
}

/** It has the time of what is in it, which is not known yet. */
const elsewhere = (spanId: string): Draft => ({
  key: `span ${spanId}`,
  capture: undefined,
  spanId,
  startedAt: Infinity,
  endedAt: -Infinity,
  children: [],
});

const parentOf = ({ span, spanId }: CaptureView): string | undefined =>
  span === undefined ? spanId : span.parentSpanId;

/** Whether an item is around the span that it names, or is it: no trace of a program has that, and a damaged one must not hang us. */
function isAround(item: Draft, parent: string, spans: ReadonlyMap<string, Draft>): boolean {
  const seen = new Set<Draft>();
  for (let id: string | undefined = parent; id !== undefined;) {
    const span = spans.get(id);
    if (span === undefined || seen.has(span)) return false;
    if (span === item) return true;
    seen.add(span);
    id = span.capture && parentOf(span.capture);
  }
  return false;
}

function settle(item: Draft): void {
  for (const child of item.children) settle(child);
  item.children.sort(byBegin);
  if (item.capture !== undefined) return;
  item.startedAt = Math.min(...item.children.map(({ startedAt }) => startedAt));
  item.endedAt = Math.max(...item.children.map(({ endedAt }) => endedAt));
}

const byBegin = (a: TraceItem, b: TraceItem): number => a.startedAt - b.startedAt || b.endedAt - a.endedAt;
