import type { CapturedProperty, CapturedValue, DryRunGap } from '@dormouse/protocol';
import { partsOf } from '../captures/parts.js';

/** Holes that are marked one by one in arrays that were cut, in all; of an array with more nothing is known. */
const MOST_HOLES = 10_000;

/** A value that stands for a captured one, or why there is none. */
type Revival = { readonly value: unknown } | { readonly reason: string };

/** What a captured object shows, and what it does not. */
interface Notes {
  readonly path: string;
  readonly captured: CapturedValue;
  /** Why a property that is there has no value. */
  readonly gaps: Map<PropertyKey, string>;
  /** Why one that is not there may be there all the same. */
  readonly rest: string;
}

/**
 * Live values made of captured ones, so that an expression reads them as it would in the process. What the capture does not show
 * cannot be read: a property without a value is an accessor, which is never run, and behind an object that may have more than it
 * shows stands a proxy, which is never asked.
 */
export class Revived {
  readonly #byId = new Map<number, CapturedValue>();
  readonly #known = new Map<CapturedValue, Revival>();
  readonly #notes = new WeakMap<object, Notes>();
  #holesLeft = MOST_HOLES;
  /** The variables: its own properties. */
  readonly variables: object;

  constructor(variables: readonly CapturedProperty[]) {
    for (const { value } of variables) this.#collectIds(value);
    this.variables = Object.create(UNKNOWN) as object;
    const captured: CapturedValue = { type: 'object', class: null, properties: variables };
    const notes: Notes = { path: '', captured, gaps: new Map(), rest: 'absent' };
    this.#notes.set(this.variables, notes);
    for (const { key, value } of variables) this.#put(this.variables, notes, key, value, key);
  }

  /** Why something could not be read. @param holder what was asked */
  gap(holder: object, key: PropertyKey | undefined): DryRunGap | undefined {
    const notes = this.#notes.get(holder);
    if (notes === undefined) return undefined;
    if (key === undefined) return { path: notes.path, reason: 'class' };
    return { path: pathTo(notes.path, key), reason: notes.gaps.get(key) ?? notes.rest };
  }

  /** What an object was revived from. */
  capturedOf(object: object): CapturedValue | undefined {
    return this.#notes.get(object)?.captured;
  }

  #collectIds(value: CapturedValue): void {
    if ('id' in value && value.id !== undefined && value.type !== 'reference')
      this.#byId.set(value.id, value);
    for (const part of partsOf(value)) this.#collectIds(part);
  }

  #revive(value: CapturedValue, path: string): Revival {
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    switch (value.type) {
      case 'undefined':
        return { value: undefined };
      case 'null':
        return { value: null };
      case 'boolean':
        return { value: value.value };
      case 'number':
        return { value: Number(value.value) };
      case 'bigint':
        return { value: BigInt(value.value) };
      case 'date':
        return { value: new Date(value.value) };
      case 'string':
        return value.omitted === undefined ? { value: value.value } : { reason: value.omitted.reason };
      case 'object':
      case 'error':
        return this.#object(value, path);
      case 'array':
        return this.#array(value, path);
      case 'map':
      case 'set':
        return this.#collection(value, path);
      case 'reference': {
        const meant = this.#byId.get(value.id);
        return meant === undefined ? { reason: 'reference' } : this.#revive(meant, path);
      }
      case 'redacted':
        return { reason: 'redacted' };
      case 'omitted':
        return { reason: value.omitted.reason };
      default:
        return { reason: value.type };
    }
  }

  #object(captured: Extract<CapturedValue, { type: 'object' | 'error' }>, path: string): Revival {
    const { properties, omitted } = captured;
    const object = Object.create(prototypeOf(captured)) as object;
    const rest = omitted?.reason ?? 'absent';
    const notes = this.#note(object, { path, captured, gaps: new Map(), rest });
    if (captured.type === 'error') {
      const { message, cause } = captured;
      this.#put(object, notes, 'message', { type: 'string', value: message }, `${path}.message`);
      if (cause !== undefined) this.#put(object, notes, 'cause', cause, `${path}.cause`);
    }
    for (const { key, value } of properties) this.#put(object, notes, key, value, pathTo(path, key));
    return { value: object };
  }

  #array(captured: Extract<CapturedValue, { type: 'array' }>, path: string): Revival {
    const { items, length, omitted } = captured;
    const reason = omitted?.reason ?? 'collectionSize';
    const holes = length - items.length;
    if (holes > this.#holesLeft) return { reason };
    this.#holesLeft -= holes;
    const array: unknown[] = [];
    const notes = this.#note(array, { path, captured, gaps: new Map(), rest: 'absent' });
    for (const [index, item] of items.entries()) this.#put(array, notes, index, item, `${path}[${index}]`);
    for (let index = items.length; index < length; index++) leaveOpen(array, notes, index, reason);
    array.length = length;
    return { value: array };
  }

  /** A Map or Set has no place for what is not known: it is known as a whole, or not. */
  #collection(captured: Extract<CapturedValue, { type: 'map' | 'set' }>, path: string): Revival {
    if (captured.omitted !== undefined) return { reason: captured.omitted.reason };
    const collection = captured.type === 'map' ? new Map<unknown, unknown>() : new Set<unknown>();
    this.#note(collection, { path, captured, gaps: new Map(), rest: 'absent' });
    this.#known.set(captured, { value: collection });
    const entries =
      captured.type === 'map' ? captured.entries : captured.items.map((item) => [item] as const);
    for (const entry of entries) {
      const [key, value] = entry.map((part) => this.#revive(part, path));
      if (key === undefined || 'reason' in key) return this.#forget(captured, key?.reason);
      if (value !== undefined && 'reason' in value) return this.#forget(captured, value.reason);
      if (collection instanceof Map) collection.set(key.value, value?.value);
      else collection.add(key.value);
    }
    return { value: collection };
  }

  #forget(captured: CapturedValue, reason = 'absent'): Revival {
    const revival = { reason };
    this.#known.set(captured, revival);
    return revival;
  }

  #note(object: object, notes: Notes): Notes {
    this.#notes.set(object, notes);
    this.#known.set(notes.captured, { value: object });
    return notes;
  }

  #put(holder: object, notes: Notes, key: PropertyKey, value: CapturedValue, path: string): void {
    const revival = this.#revive(value, path);
    if ('reason' in revival) leaveOpen(holder, notes, key, revival.reason);
    else Object.defineProperty(holder, key, { value: revival.value, enumerable: true, configurable: true });
  }
}

/** A place with something of which nothing is known. */
function leaveOpen(holder: object, { gaps }: Notes, key: PropertyKey, reason: string): void {
  gaps.set(key, reason);
  Object.defineProperty(holder, key, { get: () => undefined, enumerable: true, configurable: true });
}

const UNKNOWN: object = new Proxy(Object.create(null) as object, {});

/** Of a class only the name is known; of errors also that they are errors. */
function prototypeOf(captured: Extract<CapturedValue, { type: 'object' | 'error' }>): object | null {
  const { type, class: name, omitted } = captured;
  if (type === 'error') {
    const error = withConstructor('Error', UNKNOWN);
    return name === 'Error' ? error : withConstructor(name, error);
  }
  if (name !== null && name !== 'Object') return withConstructor(name, UNKNOWN);
  if (omitted !== undefined) return UNKNOWN;
  return name === null ? null : Object.prototype;
}

function withConstructor(name: string, prototype: object): object {
  const constructor = Object.defineProperty(() => undefined, 'name', { value: name });
  return Object.create(prototype, { constructor: { value: constructor } }) as object;
}

/** Whether anything in a value was left out of its own properties or elements. */
export const isCut = (value: CapturedValue): boolean =>
  ('omitted' in value && value.omitted !== undefined) ||
  value.type === 'reference' ||
  partsOf(value).some(isCut);

function pathTo(path: string, key: PropertyKey): string {
  const name = String(key);
  if (typeof key === 'number') return `${path}[${name}]`;
  return path === '' ? name : `${path}.${name}`;
}
