import type { TraceItem } from './trace-tree.js';

/** A row of a trace as it is unfolded now. */
export interface TraceRow {
  readonly item: TraceItem;
  readonly parent: string | undefined;
  /** From 1. */
  readonly level: number;
  /** From 1, and how many there are beside it. */
  readonly position: number;
  readonly siblings: number;
  readonly isOpen: boolean;
}

/** @param closed keys of the items that are folded */
export function traceRows(
  items: readonly TraceItem[],
  closed: ReadonlySet<string>,
  parent?: string,
  level = 1,
): TraceRow[] {
  return items.flatMap((item, index) => {
    const isOpen = item.children.length > 0 && !closed.has(item.key);
    const row = { item, parent, level, position: index + 1, siblings: items.length, isOpen };
    return [row, ...(isOpen ? traceRows(item.children, closed, item.key, level + 1) : [])];
  });
}
