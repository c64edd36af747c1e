import { CONTRACT_VERSION, type LineHook, type WovenFile, type WovenForm } from '@dormouse/protocol';
import { armFunction, type ArmedFunction } from './armed-function.js';
import { openSwitches, type Switches } from './switch-object.js';

/** Where a hook goes: a point of a woven file. */
export interface PointAddress {
  readonly file: string;
  readonly functionIndex: number;
  readonly pointIndex: number;
  readonly form: WovenForm;
}

export type PlugResult =
  | 'plugged'
  /** The file has not been evaluated in this process, or not yet. */
  | 'notLoaded'
  /** The file was woven for another version of the contract and is left alone. */
  | 'contractMismatch'
  /** The switch object is gone, or has no such function. */
  | 'noSwitch';

/**
 * Plugs hooks into the woven files of this process and pulls them out. Several hooks may share a
 * point; each is called, in the order in which they were plugged in.
 */
export interface Switchboard {
  /** Whether no woven file has been evaluated in this process. */
  readonly isEmpty: boolean;
  /** A file that was evaluated; a second evaluation of the same file changes nothing. */
  add(file: WovenFile): void;
  plug(at: PointAddress, hook: LineHook): PlugResult;
  /** Pulls out a hook; one that is not plugged in is nothing to do. */
  unplug(at: PointAddress, hook: LineHook): void;
}

export function createSwitchboard(): Switchboard {
  const files = new Map<string, { readonly woven: WovenFile; readonly switches: Switches }>();
  const armed = new Map<string, ArmedFunction>();

  return {
    get isEmpty() {
      return files.size === 0;
    },

    add(woven) {
      if (!files.has(woven.file)) files.set(woven.file, { woven, switches: openSwitches(woven.file) });
    },

    plug(at, hook) {
      const file = files.get(at.file);
      if (file === undefined) return 'notLoaded';
      if (file.woven.contract !== CONTRACT_VERSION) return 'contractMismatch';
      if (!file.switches.has(at.functionIndex)) return 'noSwitch';

      const key = functionKey(at);
      let target = armed.get(key);
      if (target === undefined) {
        target = armFunction(file.switches, at.functionIndex, at.form);
        armed.set(key, target);
      }
      target.add(at.pointIndex, hook);
      return 'plugged';
    },

    unplug(at, hook) {
      const key = functionKey(at);
      if (armed.get(key)?.remove(at.pointIndex, hook) === 'disarmed') armed.delete(key);
    },
  };
}

const functionKey = (at: PointAddress): string => `${at.file}:${at.functionIndex}`;
