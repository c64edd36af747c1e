import type { Capture, LineHook } from '@dormouse/protocol';
import type { Frame } from './frame.js';

/** What one hit shows, by kind of probe. */
export interface Evidence {
  readonly fields: Pick<Capture, 'message' | 'level' | 'self' | 'locals' | 'outers' | 'watches' | 'stack'>;
  /** Whether anything is missing in it. */
  readonly incomplete: boolean;
}

/**
 * @param frame filled
 * @param hook the function that the woven code called; the stack is shown from its caller on
 */
export type TakeEvidence = (frame: Frame, hook: LineHook) => Evidence;
