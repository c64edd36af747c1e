/**
 * Captured values: a capped, redacted, JSON-safe picture of a live value. Wherever something was
 * left out, an `omitted` says why: absence without a reason never happens.
 */

export type CapturedValue =
  | { readonly type: 'undefined' | 'null' }
  | { readonly type: 'boolean'; readonly value: boolean }
  /** JSON has no NaN, Infinity or -0, so those travel as text. */
  | { readonly type: 'number'; readonly value: number | 'NaN' | 'Infinity' | '-Infinity' | '-0' }
  | { readonly type: 'bigint' | 'symbol' | 'regexp'; readonly value: string }
  | { readonly type: 'string'; readonly value: string; readonly length?: number; readonly omitted?: Omission }
  /** ISO 8601, or `Invalid Date`. */
  | { readonly type: 'date'; readonly value: string }
  | { readonly type: 'function'; readonly name: string; readonly class: boolean }
  | ObjectValue
  | ArrayValue
  | MapValue
  | SetValue
  | ErrorValue
  | BinaryValue
  /** Seen as such, never opened: a proxy's traps are user code, a promise's state is not ours to read. */
  | { readonly type: 'proxy' | 'promise' | 'weakmap' | 'weakset' | 'weakref' }
  /** A getter or setter, shown and never run. */
  | { readonly type: 'accessor' }
  /** The object with this `id` elsewhere in the same capture: a cycle or a shared reference. */
  | { readonly type: 'reference'; readonly id: number }
  | { readonly type: 'redacted'; readonly rule: string }
  | { readonly type: 'omitted'; readonly omitted: Omission };

/** Fields common to everything that has an identity; `id` is given only where something refers to it. */
interface Identity {
  readonly id?: number;
  readonly omitted?: Omission;
}

export interface CapturedProperty {
  /** A symbol key is written `Symbol(description)`; a key that was itself secret is redacted. */
  readonly key: string;
  readonly value: CapturedValue;
}

export interface ObjectValue extends Identity {
  readonly type: 'object';
  /** The constructor's name, `Object`, or `null` for a null prototype. */
  readonly class: string | null;
  readonly properties: readonly CapturedProperty[];
}

export interface ArrayValue extends Identity {
  readonly type: 'array';
  readonly class: string;
  readonly length: number;
  readonly items: readonly CapturedValue[];
}

export interface MapValue extends Identity {
  readonly type: 'map';
  readonly class: string;
  readonly size: number;
  readonly entries: readonly (readonly [CapturedValue, CapturedValue])[];
}

export interface SetValue extends Identity {
  readonly type: 'set';
  readonly class: string;
  readonly size: number;
  readonly items: readonly CapturedValue[];
}

export interface ErrorValue extends Identity {
  readonly type: 'error';
  readonly class: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: CapturedValue;
  readonly properties: readonly CapturedProperty[];
}

/** Typed arrays, Buffer, ArrayBuffer, DataView. */
export interface BinaryValue extends Identity {
  readonly type: 'binary';
  readonly class: string;
  readonly byteLength: number;
  /** The first elements of a typed array, or bytes of anything else. */
  readonly items: readonly (number | string)[];
}

export interface Omission {
  readonly reason: OmissionReason;
  /** How many more there are (properties, items, characters), where that is known. */
  readonly count?: number;
}

/** The vocabulary of Datadog's debugger telemetry (`capture.incomplete`), extended by what we bound besides. */
export const OMISSION_REASONS = [
  'depth',
  'fieldCount',
  'collectionSize',
  'stringLength',
  'nodeCount',
  'payloadTooLarge',
  'timeout',
  'uninitialised',
  'runtimeError',
] as const;

export type OmissionReason = (typeof OMISSION_REASONS)[number];
