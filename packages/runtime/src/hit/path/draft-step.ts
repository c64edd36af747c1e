import type { CapturedProperty, PathStep, StepPoint } from '@dormouse/protocol';
import type { RecordedCall } from './recorded-call.js';

/** Of a step without variables, encoded. */
export const STEP_BYTES = 80;

/** A step while its recording runs. Which arm it took is known only with the next one. */
export interface DraftStep {
  readonly call: RecordedCall;
  readonly point: StepPoint;
  readonly us: number;
  arm: PathStep['arm'];
  enters: PathStep['enters'];
  changed: readonly CapturedProperty[] | undefined;
  /** What it takes of the recording's room. */
  bytes: number;
  nodes: number;
}
