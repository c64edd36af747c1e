import { partsOf, type Part } from '../../words/value.js';

/** A row of a tree of values as it is unfolded now. */
export interface ValueRow extends Part {
  /** Indices from the top: `0.3.1`. */
  readonly key: string;
  readonly parent: string | undefined;
  /** From 1. */
  readonly level: number;
  readonly isOpen: boolean;
  readonly canOpen: boolean;
}

/** @param open keys of the values that are unfolded */
export function valueRows(
  parts: readonly Part[],
  open: ReadonlySet<string>,
  parent?: string,
  level = 1,
): ValueRow[] {
  return parts.flatMap((part, index) => {
    const key = parent === undefined ? String(index) : `${parent}.${index}`;
    const inner = partsOf(part.value);
    const isOpen = open.has(key);
    return [
      { ...part, key, parent, level, isOpen, canOpen: inner.length > 0 },
      ...(isOpen ? valueRows(inner, open, key, level + 1) : []),
    ];
  });
}
