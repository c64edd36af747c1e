import { FIRST_ARGUMENT, FUNCTIONS_PER_SWITCH, SWITCH_PREFIX, type ArmedFunction } from '@dormouse/protocol';
import {
  createObject,
  defineProperty,
  floor,
  getOwnPropertyDescriptor,
  isExtensible,
  keys,
} from '../intrinsics.js';
import { OWN_REALM, type Realm } from './realm.js';

/** The switch objects of one woven file in one realm, see `woven.ts` of the protocol. */
export interface Switches {
  /** Whether the function has a switch field. Not so where the program took the global away. */
  has(functionIndex: number): boolean;
  /** Sets the function's field: its next call takes the hooked body. */
  set(functionIndex: number, enter: ArmedFunction): void;
  /** Clears the field. With the object's last one, optimised code may fold the checks away again. */
  clear(functionIndex: number): void;
}

type Fields = Record<string, unknown>;

/** A field that is to be set. */
interface Setting {
  readonly field: string;
  readonly enter: ArmedFunction;
}

/** @param file the file's id in the manifest */
export function openSwitches(file: string, realm: Realm = OWN_REALM): Switches {
  return {
    has(functionIndex) {
      const fields = readSwitch(realm, switchName(file, functionIndex));
      return fields !== undefined && getOwnPropertyDescriptor(fields, `f${functionIndex}`)?.writable === true;
    },

    set(functionIndex, enter) {
      const name = switchName(file, functionIndex);
      const fields = readSwitch(realm, name);
      if (fields === undefined) return;
      const field = `f${functionIndex}`;
      if (isArmed(fields) || !replace(realm, name, fields, { field, enter })) fields[field] = enter;
    },

    clear(functionIndex) {
      const name = switchName(file, functionIndex);
      const fields = readSwitch(realm, name);
      if (fields === undefined) return;
      fields[`f${functionIndex}`] = undefined;
      if (!isArmed(fields)) replace(realm, name, fields);
    },
  };
}

function switchName(file: string, functionIndex: number): string {
  const number = floor(functionIndex / FUNCTIONS_PER_SWITCH);
  return number === 0 ? SWITCH_PREFIX + file : `${SWITCH_PREFIX}${file}_${number}`;
}

/** An own data property of the global object, read without running anything. */
function readSwitch({ global }: Realm, name: string): Fields | undefined {
  const value: unknown = global && getOwnPropertyDescriptor(global, name)?.value;
  return typeof value === 'object' && value !== null ? (value as Fields) : undefined;
}

/** By index: a call of the program's can lead here, and it may have replaced what arrays inherit. */
function isArmed(fields: Fields): boolean {
  const names = keys(fields);
  for (let index = 0; index < names.length; index++) {
    const name = names[index] as string;
    if (name !== FIRST_ARGUMENT && typeof fields[name] === 'function') return true;
  }
  return false;
}

/**
 * V8 folds a field only while nothing ever wrote to it, in this object or in another of the same hidden class, and
 * woven files with equally many functions share theirs. So the global is deleted and defined again with an object of
 * the same fields and a hidden class of its own: for the first hook, and once the last one is gone. Measured on Node
 * 20, 22, 24 and 26: as fast as before the first arming.
 * @returns whether it could be: what is deleted of a frozen global object could not be defined again
 */
function replace({ global }: Realm, name: string, used: Fields, set?: Setting): boolean {
  const descriptor = global && getOwnPropertyDescriptor(global, name);
  if (descriptor?.configurable !== true || !isExtensible(global)) return false;
  delete (global as Fields)[name];
  return defineProperty(global, name, { ...descriptor, value: unwritten(used, set) }) === global;
}

function unwritten(used: Fields, set: Setting | undefined): Fields {
  const fields: Fields = {};
  const names = keys(used);
  for (let index = 0; index < names.length; index++) {
    const name = names[index] as string;
    fields[name] = name === set?.field ? set.enter : used[name];
  }
  // So many keyed writes made a dictionary of it; becoming a prototype gives an object fast fields,
  // constant until written, and a hidden class that it shares with nobody.
  createObject(fields);
  return fields;
}
