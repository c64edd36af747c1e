import type { Capture } from '@dormouse/protocol';
import type { Frame } from './frame.js';

/** What one hit shows, by kind of probe. */
export interface Evidence {
  readonly fields: Omit<Capture, 'id' | 'probe' | 'kind' | 'at' | 'hit' | 'tookUs'>;
  /** Whether anything is missing in it. */
  readonly incomplete: boolean;
  /** Bytes of the fields when they are encoded, estimated; measured where the estimate is missing. */
  readonly bytes?: number | undefined;
}

/** The function of ours that the woven code called: stacks begin with its caller. */
export type Below = (...args: never[]) => unknown;

/** @param frame filled */
export type TakeEvidence = (frame: Frame, below: Below) => Evidence;
