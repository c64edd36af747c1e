import type { CapturedProperty, CapturedValue, PathEnd } from '@dormouse/protocol';
import { createObject } from '../../intrinsics.js';
import { Branches } from './branches.js';
import type { FollowedFunction } from './followed-function.js';
import type { Recording } from './recording.js';
import { Variables } from './variables.js';

/** A call whose steps are recorded: the one that the recording is of, or one that belongs to it. */
export class RecordedCall {
  readonly recording: Recording;
  readonly fn: FollowedFunction;
  /** Recorded calls around it. */
  readonly depth: number;
  readonly branches: Branches;
  readonly variables: Variables;
  /** The recorded call that runs again when this one is done or waits. */
  outer: RecordedCall | undefined;
  ended:
    | { readonly how: PathEnd; readonly us: number; readonly value: CapturedValue | undefined }
    | undefined;
  /** The latest of what the call's steps that were left out showed of each variable. */
  leftOut: Record<string, CapturedProperty> | undefined;

  constructor(recording: Recording, fn: FollowedFunction, depth: number) {
    this.recording = recording;
    this.fn = fn;
    this.depth = depth;
    this.branches = new Branches(fn);
    this.variables = new Variables(fn);
  }

  leaveOut(changed: readonly CapturedProperty[]): void {
    this.leftOut ??= createObject(null) as Record<string, CapturedProperty>;
    for (let index = 0; index < changed.length; index++) {
      const property = changed[index] as CapturedProperty;
      this.leftOut[property.key] = property;
    }
  }

  /** What a step shows behind the gap: what it changed, and what those left out did. */
  takeLeftOut(changed: readonly CapturedProperty[] | undefined): readonly CapturedProperty[] | undefined {
    const { leftOut } = this;
    if (leftOut === undefined) return changed;
    this.leaveOut(changed ?? []);
    this.leftOut = undefined;
    const all: CapturedProperty[] = [];
    for (const key in leftOut) all[all.length] = leftOut[key] as CapturedProperty;
    return all;
  }
}
