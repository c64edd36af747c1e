import type { CaptureView } from '@dormouse/protocol';

/** Rows held at most, and how many of the oldest go at once when there are more. */
export const TAIL_ROWS = 200_000;
const DROPPED_AT_ONCE = 5_000;

/** One line of the live tail: what is needed to show it; the capture itself is asked for when it is opened. */
export interface TailRow {
  readonly id: string;
  readonly at: number;
  readonly probe: string;
  readonly kind: CaptureView['kind'];
  readonly level: CaptureView['level'];
  readonly text: string;
  readonly where: string;
  readonly instance: string;
}

/** What arrives, row by row. The rows are one plain array: only its changes are announced. */
export class Tail {
  readonly rows: TailRow[] = [];
  /** Grows with every change of the rows. */
  version: number = $state(0);
  /** Of the first row, counted from the beginning. */
  dropped: number = 0;

  add(rows: readonly TailRow[]): void {
    if (rows.length === 0) return;
    this.rows.push(...rows);
    if (this.rows.length > TAIL_ROWS) {
      this.dropped += this.rows.splice(0, this.rows.length - TAIL_ROWS + DROPPED_AT_ONCE).length;
    }
    this.version++;
  }

  clear(): void {
    this.dropped += this.rows.splice(0).length;
    this.version++;
  }
}
