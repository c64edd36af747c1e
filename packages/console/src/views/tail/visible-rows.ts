import type { TailRow } from '../../state/tail.svelte.js';

export interface TailFilter {
  /** Each word has to be in the row, in any case. */
  readonly words: readonly string[];
  readonly levels: ReadonlySet<string> | undefined;
  readonly probe: string | undefined;
}

export function isWanted(row: TailRow, { words, levels, probe }: TailFilter): boolean {
  if (probe !== undefined && row.probe !== probe) return false;
  if (levels !== undefined && (row.level === undefined || !levels.has(row.level))) return false;
  if (words.length === 0) return true;
  const text = `${row.text} ${row.where} ${row.kind}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

export const isOpenTo = ({ words, levels, probe }: TailFilter): boolean =>
  words.length === 0 && levels === undefined && probe === undefined;
