import type { CapturedProperty, CapturedValue, CaptureLimits } from '@dormouse/protocol';
import { Walk } from './walk.js';

/**
 * One capture in the making. All its values share the budget of nodes and time and one table of identities,
 * so that an object met twice is shown once and referred to.
 */
export interface CaptureSession {
  /**
   * Captures a variable, unless its name is redacted.
   * @param level levels of its depth that are not shown; default: none
   */
  variable(name: string, value: unknown, level?: number): CapturedProperty;
  /** Captures a value that has no name: what an expression made of what it may read. */
  value(value: unknown): CapturedValue;
  /** Whether anything was left out so far. */
  readonly incomplete: boolean;
  /** What the values take when they are encoded, names included, estimated. */
  readonly bytes: number;
  /** How many values it has captured. */
  readonly nodes: number;
}

/** Starts a capture, and its clock. */
export const openCapture = (limits: CaptureLimits): CaptureSession => new Walk(limits);
