import type { StepPoint, StepsPlace } from '@dormouse/protocol';
import type { CallPoint } from '../../switchboard/call-hooks.js';
import { callPoints } from '../captured-line.js';

/** A function whose calls are recorded, as far as it is the same for all of them. */
export interface FollowedFunction {
  readonly place: StepsPlace;
  readonly points: readonly StepPoint[];
  readonly hooks: readonly CallPoint[];
  /** By the index of a point that is a branching statement. */
  readonly branchings: readonly (Branching | undefined)[];
}

export interface Branching {
  /** Whether it is a `try`: that its body is entered is no news. */
  readonly isTry: boolean;
  /** Whether its first arm would be seen: without that, it is not known that none ran. */
  readonly hasFirstArm: boolean;
}

export function followedFunction(place: StepsPlace): FollowedFunction {
  const { points } = place;
  return {
    place,
    points,
    hooks: callPoints(place),
    branchings: points.map((_point, index) => branchingAt(points, index)),
  };
}

function branchingAt(points: readonly StepPoint[], index: number): Branching | undefined {
  const arms = points.filter(({ branch }) => branch?.[0] === index).map(({ branch }) => branch?.[1]);
  if (arms.length === 0) return undefined;
  return {
    isTry: arms.some((arm) => arm === 'catch' || arm === 'finally'),
    hasFirstArm: arms.some((arm) => arm !== 'else' && arm !== 'catch' && arm !== 'finally'),
  };
}
