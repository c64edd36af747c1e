import type {
  CapturedProperty,
  CapturedValue,
  CaptureLimits,
  Omission,
  OmissionReason,
} from '@dormouse/protocol';
import { intrinsics } from '@dormouse/expression/inspect';
import { redaction } from '@dormouse/expression/redaction';
import { hideUnlisted } from '../redact/include-list.js';
import { Budget } from './budget.js';
import type { Draft, Walker } from './kind.js';
import { kindOf } from './kind-of.js';
import { capturePrimitive } from './primitives.js';
import { REDACTED } from './properties.js';
import { Pictures, type Picture } from './pictures.js';
import type { CaptureSession } from './session.js';

const { isObject } = intrinsics;

/**
 * Walks through values breadth first: all that is near a variable comes before anything farther away, and
 * each object is shown where it is nearest. Values with nothing in them are complete at once; the others
 * wait in a queue.
 *
 * A class rather than an object literal with a getter: V8 makes a hidden class for each such literal, in old space
 * and holding the getter, so that every capture outlived its use until the next full collection.
 */
export class Walk implements Walker, CaptureSession {
  readonly limits: CaptureLimits;
  readonly budget: Budget;
  incomplete = false;

  readonly #pictures = new Pictures();
  /** So many of them are filled. */
  #opened = 0;
  #ids = 0;

  constructor(limits: CaptureLimits) {
    this.limits = limits;
    this.budget = new Budget(limits);
  }

  get bytes(): number {
    return this.budget.bytesSpent;
  }

  get nodes(): number {
    return this.budget.nodesSpent;
  }

  variable(name: string, value: unknown, level = 0): CapturedProperty {
    const { hasIncludeList, isRedacted, isShown } = redaction();
    this.budget.spendKey(name);
    if (isRedacted(name)) return { key: name, value: REDACTED };
    const captured = this.#capture(value, level);
    return { key: name, value: hasIncludeList ? hideUnlisted(captured, isShown(name), isShown) : captured };
  }

  value(value: unknown): CapturedValue {
    const { hasIncludeList, isShown } = redaction();
    const captured = this.#capture(value, 0);
    return hasIncludeList ? hideUnlisted(captured, /* isListed: */ true, isShown) : captured;
  }

  #capture(value: unknown, level: number): CapturedValue {
    this.budget.startVariable();
    const captured = this.look(value, level);
    while (this.#opened < this.#pictures.count) this.#open(this.#pictures.at(this.#opened++));
    return captured;
  }

  look(value: unknown, level: number): CapturedValue {
    this.budget.spend();
    return isObject(value) ? this.#lookAtObject(value, level) : capturePrimitive(value, this);
  }

  count<Value extends CapturedValue>(value: Value): Value {
    this.budget.spend();
    return value;
  }

  omit(reason: OmissionReason, count?: number): Omission {
    this.incomplete = true;
    return count === undefined ? { reason } : { reason, count };
  }

  #lookAtObject(object: object, level: number): CapturedValue {
    const known = this.#pictures.of(object);
    // One that was first met farther away stops earlier; so it is shown again, and referred to here from now on.
    if (known !== undefined && known.level <= level) return this.#refer(known);
    try {
      const kind = kindOf(object);
      const draft = kind.start(object, this);
      if (kind.open) this.#keep({ kind, object, draft, level });
      return draft;
    } catch {
      return { type: 'omitted', omitted: this.omit('runtimeError') };
    }
  }

  #refer({ draft }: Picture): CapturedValue {
    draft.id ??= ++this.#ids;
    return { type: 'reference', id: draft.id };
  }

  #keep(picture: Picture): void {
    const { draft, level } = picture;
    this.budget.spendHolder();
    this.budget.spendHolder();
    if (level < this.limits.depth) {
      this.#pictures.add(picture);
    } else if (!isEmpty(draft)) {
      draft.omitted = this.omit('depth');
    }
  }

  #open({ kind, object, draft, level }: Picture): void {
    if (this.budget.exhausted) {
      if (!isEmpty(draft)) draft.omitted = this.omit(this.budget.exhausted);
      return;
    }
    try {
      kind.open?.(object, draft, this, level);
    } catch {
      draft.omitted = this.omit('runtimeError');
    }
  }
}

const isEmpty = (draft: Draft<CapturedValue>): boolean =>
  ('length' in draft && draft.length === 0) || ('size' in draft && draft.size === 0);
