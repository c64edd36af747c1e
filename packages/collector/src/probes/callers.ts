import {
  LIMITS,
  type Capture,
  type CapturedCaller,
  type CapturedLine,
  type FunctionAddress,
  type ManifestFunction,
  type StackFrame,
  type TrailCall,
} from '@dormouse/protocol';
import type { BuildIndex, IndexedFunction } from '../builds/build-index.js';
import { findFrame } from '../builds/find-frame.js';
import type { ProbeDefinition } from './definition.js';
import { MAX_PROBE_BYTES } from './limits.js';
import { stepsOf } from './steps.js';

/** Probes whose callers are remembered: those that ended may still have captures on their way. */
const MOST_PROBES = 1_000;

/**
 * Which functions lead to the probes that want to know it, learnt from the stacks of their captures, and which frame of a
 * stack each call of a trail is. A collector that starts again learns them again.
 */
export class Callers {
  /** By probe and build. */
  readonly #learnt = new Map<string, IndexedFunction[]>();

  /** What a process of a build is to follow. */
  of({ id }: ProbeDefinition, buildId: string): readonly IndexedFunction[] {
    return this.#learnt.get(`${id} ${buildId}`) ?? [];
  }

  /**
   * The functions of a stack, as many as are to be shown.
   * @returns whether one of them is new
   */
  learn(probe: ProbeDefinition, build: BuildIndex, stack: readonly StackFrame[]): boolean {
    const known = this.of(probe, build.buildId);
    const found = framesOf(build, stack)
      .slice(0, probe.callers)
      .map(({ at }) => at);
    const added = unique(found).filter((at) => !known.some((other) => keyOf(other) === keyOf(at)));
    if (added.length === 0) return false;
    const all = fitting([...known, ...added]);
    if (all.length === known.length) return false;
    this.#remember(`${probe.id} ${build.buildId}`, all);
    return true;
  }

  /** The calls of a capture's trail for which it is certain which frame they are. */
  find(probe: ProbeDefinition, build: BuildIndex, { stack = [], trail = [] }: Capture): CapturedCaller[] {
    const followed = new Set([...this.of(probe, build.buildId).map(keyOf), ...trail.map(keyOfCall)]);
    const frames = framesOf(build, stack).filter(({ at }) => followed.has(keyOf(at)));
    return matchFrames(trail, frames, stack.length >= probe.capture.frames);
  }

  #remember(key: string, functions: IndexedFunction[]): void {
    this.#learnt.delete(key);
    this.#learnt.set(key, functions);
    if (this.#learnt.size > MOST_PROBES) this.#learnt.delete(this.#learnt.keys().next().value!);
  }
}

interface WovenFrame {
  readonly at: IndexedFunction;
  readonly frame: StackFrame;
  /** In the stack. */
  readonly index: number;
}

/** The frames behind the first, which is where the probe stands, of woven functions that can be followed. */
const framesOf = (build: BuildIndex, stack: readonly StackFrame[]): WovenFrame[] =>
  stack.flatMap((frame, index) => {
    const at = index === 0 ? undefined : findFrame(build, frame);
    return at === undefined || !canBeFollowed(at.fn) ? [] : [{ at, frame, index }];
  });

/** A generator is run by others than who called it. */
const canBeFollowed = ({ exits, generator }: ManifestFunction): boolean => exits !== 'none' && !generator;

/**
 * Trail and frames tell of the same calls, and have to agree, call by call. Where they do not, something ended unseen or
 * began before it was followed, and nothing is certain. What waits has to wait in the statement where it was seen last: then it
 * waits for this and not for something else.
 */
function matchFrames(
  trail: readonly TrailCall[],
  frames: readonly WovenFrame[],
  isCut: boolean,
): CapturedCaller[] {
  const callers: CapturedCaller[] = [];
  for (const [position, call] of trail.entries()) {
    const found = frames[position];
    const isSame =
      found !== undefined &&
      keyOf(found.at) === keyOfCall(call) &&
      (found.frame.async ?? false) === call.waits;
    if (!isSame) return call.waits || (found === undefined && isCut) ? callers : [];
    if (call.at === undefined) continue;
    if (call.waits && !standsIn(found.at.fn, call.at, found.frame)) return callers;
    callers.push({ frame: found.index, ...call.at });
  }
  return callers;
}

/** Whether a place is in the statement at a point, and not in another one inside it. */
function standsIn({ points }: ManifestFunction, at: CapturedLine, place: StackFrame): boolean {
  const statement = points.find(({ line, column }) => line === at.line && column === at.column);
  if (statement === undefined || isBefore(place, at) || place.line > statement.endLine) return false;
  return !points.some((other) => isBefore(at, other) && !isBefore(place, other));
}

interface Position {
  readonly line: number;
  readonly column: number;
}

const isBefore = (a: Position, b: Position): boolean =>
  a.line < b.line || (a.line === b.line && a.column < b.column);

/** As many of the functions as a process can be told of. */
function fitting(functions: readonly IndexedFunction[]): IndexedFunction[] {
  let bytes = 0;
  return functions.slice(0, LIMITS.callerFunctions).filter((at) => {
    const size = Buffer.byteLength(JSON.stringify(stepsOf(at)));
    const fits = bytes + size <= MAX_PROBE_BYTES;
    if (fits) bytes += size;
    return fits;
  });
}

const unique = (functions: readonly IndexedFunction[]): IndexedFunction[] => [
  ...new Map(functions.map((at) => [keyOf(at), at])).values(),
];

const keyOf = ({ file, fn }: IndexedFunction): string => `${file.id}:${fn.index}`;
const keyOfCall = ({ file, functionIndex }: FunctionAddress): string => `${file}:${functionIndex}`;
