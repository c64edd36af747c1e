import type { ArmedFunction } from '@dormouse/protocol';
import { mapDelete, mapSet, openMap } from '../intrinsics.js';
import type { Realm } from './realm.js';
import { openSwitches, type Switches } from './switch-object.js';

/** The switches of one woven file in all realms that have evaluated it: what is set is set in each, also in those that come later. */
export interface FileSwitches extends Switches {
  /** A realm has evaluated the file; that it does so again changes nothing. */
  addRealm(realm: Realm): void;
}

interface SwitchesOfRealm {
  readonly realm: Realm;
  readonly switches: Switches;
}

/** @param file the file's id in the manifest */
export function openFileSwitches(file: string): FileSwitches {
  let realms: readonly SwitchesOfRealm[] = [];
  const armed = openMap<number, ArmedFunction>();

  // A call of the program's may set the switch: no iterator is asked that the program may have replaced.
  const inEach = (act: (switches: Switches) => void): void => {
    for (let index = 0; index < realms.length; index++) act((realms[index] as SwitchesOfRealm).switches);
  };

  return {
    addRealm(realm) {
      realms = realms.filter(({ realm: { global } }) => global !== undefined);
      if (realms.some((known) => known.realm.global === realm.global)) return;
      const switches = openSwitches(file, realm);
      realms = [...realms, { realm, switches }];
      for (const [functionIndex, enter] of armed) switches.set(functionIndex, enter);
    },
    has: (functionIndex) => realms.some(({ switches }) => switches.has(functionIndex)),
    set(functionIndex, enter) {
      mapSet(armed, functionIndex, enter);
      inEach((switches) => switches.set(functionIndex, enter));
    },
    clear(functionIndex) {
      mapDelete(armed, functionIndex);
      inEach((switches) => switches.clear(functionIndex));
    },
  };
}
