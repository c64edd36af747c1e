import type { CaptureView, ImportDetails } from '@dormouse/protocol';
import type { LimitedFilter, CaptureRange, CaptureText } from './captures.js';

/** An imported capture in its place in the file, from 1. */
export interface ImportedCapture {
  readonly number: number;
  readonly capture: Omit<CaptureView, 'cursor'>;
}

/**
 * Captures from files. They are kept apart from those of processes: nothing that is stored here changes, stands in for, or is
 * counted with what processes sent. An import is seen by nobody until it is finished.
 */
export interface ImportStore {
  /** @param at ms since 1970 */
  begin(id: string, at: number): Promise<void>;
  add(id: string, captures: readonly ImportedCapture[]): Promise<void>;
  finish(view: ImportDetails): Promise<void>;
  /** Deletes an import, finished or not. @returns whether a finished one was there */
  delete(id: string): Promise<boolean>;
  find(id: string): Promise<ImportDetails | undefined>;
  /** Newest first. */
  list(): Promise<ImportDetails[]>;
  /** As those of `CaptureStore`, of one import: cursors are places in it. */
  texts(id: string, filter: LimitedFilter, range: CaptureRange): Promise<CaptureText[]>;
  firstSince(id: string, moment: number): Promise<number>;
}
