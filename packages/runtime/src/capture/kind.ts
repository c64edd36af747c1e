import type { CapturedValue, CaptureLimits, Omission, OmissionReason } from '@dormouse/protocol';
import type { Budget } from './budget.js';

/** A captured value while it is being filled. */
export type Draft<Value> = { -readonly [Field in keyof Value]: Drafted<Value[Field]> };
type Drafted<Field> = Field extends readonly (infer Item)[] ? Item[] : Field;

/** How values of one kind are captured, in two steps, so that a capture goes level by level. */
export interface Kind<Value extends CapturedValue = CapturedValue> {
  /** Begins the picture: what the value is, and nothing of what is in it. */
  start(object: object, walker: Walker): Draft<Value>;
  /** Fills in what is in it, for kinds that hold other values. */
  open?(object: object, draft: Draft<Value>, walker: Walker, level: number): void;
}

/** What the kinds need of a capture. */
export interface Walker {
  readonly limits: CaptureLimits;
  readonly budget: Budget;
  /** Captures a value that is held by another. */
  look(value: unknown, level: number): CapturedValue;
  /** Counts a value that is shown without a look at it. */
  count<Value extends CapturedValue>(value: Value): Value;
  /** Notes that something is left out. */
  omit(reason: OmissionReason, count?: number): Omission;
}
