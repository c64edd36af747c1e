import {
  CONTRACT_VERSION,
  type FunctionAddress,
  type LineHook,
  type PointAddress,
  type WovenFile,
} from '@dormouse/protocol';
import type { CallHook } from './call-hooks.js';
import { hookFunction, type HookedFunction } from './hooked-function.js';
import { openFileSwitches, type FileSwitches } from './file-switches.js';
import { OWN_REALM, type Realm } from './realm.js';

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
  /** A file that was evaluated, in the runtime's own realm or another; a second evaluation of the same file changes nothing. */
  add(file: WovenFile, realm?: Realm): void;
  /** Calls `hook` at a point. */
  plug(at: PointAddress, hook: LineHook): PlugResult;
  /** Pulls out a hook; one that is not plugged in is nothing to do. */
  unplug(at: PointAddress, hook: LineHook): void;
  /**
   * Tells `hook` of each call of a function that begins from now on, and how it ends: as much as the
   * manifest's `exits` says can be seen. Functions that do not tell of their calls never call it.
   */
  plugCalls(at: FunctionAddress, hook: CallHook): PlugResult;
  /** Pulls out a hook, which then hears no more of calls in flight either. */
  unplugCalls(at: FunctionAddress, hook: CallHook): void;
}

export function createSwitchboard(): Switchboard {
  const files = new Map<string, { readonly woven: WovenFile; readonly switches: FileSwitches }>();
  const hooked = new Map<string, HookedFunction>();

  const add = (at: FunctionAddress, addTo: (target: HookedFunction) => void): PlugResult => {
    const file = files.get(at.file);
    if (file === undefined) return 'notLoaded';
    if (file.woven.contract !== CONTRACT_VERSION) return 'contractMismatch';
    if (!file.switches.has(at.functionIndex)) return 'noSwitch';

    const key = functionKey(at);
    const target = hooked.get(key) ?? hookFunction(file.switches, at.functionIndex);
    hooked.set(key, target);
    addTo(target);
    return 'plugged';
  };

  const remove = (at: FunctionAddress, removeFrom: (target: HookedFunction) => void): void => {
    const key = functionKey(at);
    const target = hooked.get(key);
    if (target === undefined) return;
    removeFrom(target);
    if (target.isDisarmed) hooked.delete(key);
  };

  return {
    get isEmpty() {
      return files.size === 0;
    },

    add(woven, realm = OWN_REALM) {
      const known = files.get(woven.file) ?? { woven, switches: openFileSwitches(woven.file) };
      files.set(woven.file, known);
      known.switches.addRealm(realm);
    },

    plug: (at, hook) => add(at, (target) => target.addLine(at.pointIndex, hook)),
    unplug: (at, hook) => remove(at, (target) => target.removeLine(at.pointIndex, hook)),
    plugCalls: (at, hook) => add(at, (target) => target.addCall(hook)),
    unplugCalls: (at, hook) => remove(at, (target) => target.removeCall(hook)),
  };
}

const functionKey = (at: FunctionAddress): string => `${at.file}:${at.functionIndex}`;
