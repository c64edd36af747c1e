import {
  LIMITS,
  PATH_LIMITS,
  type CapturedProperty,
  type CapturedValue,
  type CaptureLimits,
  type OmissionReason,
} from '@dormouse/protocol';
import { Leniency } from '../../capture/leniency.js';
import { openCapture } from '../../capture/session.js';
import { monotonicMs } from '../../intrinsics.js';
import { STEP_BYTES, type DraftStep } from './draft-step.js';
import { captureFlat } from './flat.js';
import { isSameShown } from './same-shown.js';

/** Bytes of one recording's steps, at most. What is left of a capture is for its end, the stack, and for estimating. */
const MOST_BYTES = LIMITS.captureBytes * 0.6;

/** Of a value without text. */
const FLAT_BYTES = 30;

/** Of all recordings of this process. */
let bytesHeld = 0;

export const isMemoryFull = (): boolean => bytesHeld >= PATH_LIMITS.bytes;

/**
 * What one recording may take: the limits of one capture, over all of its steps. The first half of the steps may use half of
 * it, so that something is left for those before the end; of these, room is given back as others push them out. Time is not.
 */
export class Room {
  /** Whether something that was new could not be shown, or not all of it. */
  isIncomplete = false;
  /** When the step began, monotonic ms. */
  now = 0;

  readonly #limits: CaptureLimits;
  readonly #mostBytes: number;
  /** What capturing objects took, ms, but for one pause of the machine. */
  #objectsMs = 0;
  readonly #leniency = new Leniency();
  #bytes = 0;
  #nodes = 0;
  /** The step that is being recorded, and the part of the whole that may be used by it and all before, 0 to 1. */
  #step: DraftStep | undefined;
  #part = 1;

  constructor(limits: CaptureLimits) {
    this.#limits = limits;
    this.#mostBytes = limits.bytes < MOST_BYTES ? limits.bytes : MOST_BYTES;
  }

  /** Whether an object shows nothing of what the objects that it holds hold. */
  get isShallow(): boolean {
    return this.#limits.depth === 1;
  }

  /** What is captured from now on belongs to this step. @param now monotonic ms */
  openStep(step: DraftStep, part: number, now: number): void {
    this.now = now;
    this.#step = step;
    this.#part = part;
    this.#keep(STEP_BYTES, 0);
  }

  /** Makes room again: the step is kept no longer. */
  dropStep({ bytes, nodes }: DraftStep): void {
    this.#bytes -= bytes;
    this.#nodes -= nodes;
    bytesHeld -= bytes;
  }

  /** The recording is over. */
  close(): void {
    bytesHeld -= this.#bytes;
    this.#bytes = 0;
  }

  /** Captures a variable, unless it looks as it did before. What there is no room for is marked. */
  capture(name: string, value: unknown, before: CapturedValue | undefined): CapturedProperty | undefined {
    const isObject = typeof value === 'object' && value !== null;
    const lack = this.#lack(isObject);
    if (lack !== undefined) {
      this.isIncomplete = true;
      const omitted: CapturedValue = { type: 'omitted', omitted: { reason: lack } };
      return isSameShown(before, omitted) ? undefined : { key: name, value: omitted };
    }
    const flat = captureFlat(name, value);
    if (flat !== undefined) {
      this.#keep(FLAT_BYTES + name.length, 1);
      return flat;
    }
    const startedAt = isObject ? monotonicMs() : 0;
    const session = openCapture(this.#limits);
    const property = session.variable(name, value);
    const isSame = isSameShown(before, property.value);
    if (isObject) this.#spend(monotonicMs() - startedAt);
    if (isSame) return undefined;
    if (session.incomplete) this.isIncomplete = true;
    this.#keep(session.bytes + name.length, session.nodes);
    return property;
  }

  /** Time is counted for objects only: reading the clock takes longer than anything else. */
  #lack(isObject: boolean): OmissionReason | undefined {
    const { nodes, timeMs } = this.#limits;
    if (this.#nodes >= nodes * this.#part) return 'nodeCount';
    if (this.#bytes >= this.#mostBytes * this.#part || isMemoryFull()) return 'payloadTooLarge';
    return isObject && this.#objectsMs >= timeMs * this.#part ? 'timeout' : undefined;
  }

  #spend(tookMs: number): void {
    if (!this.#leniency.forgives(tookMs)) this.#objectsMs += tookMs;
  }

  #keep(bytes: number, nodes: number): void {
    const step = this.#step;
    if (step === undefined) return;
    step.bytes += bytes;
    step.nodes += nodes;
    this.#bytes += bytes;
    this.#nodes += nodes;
    bytesHeld += bytes;
  }
}
