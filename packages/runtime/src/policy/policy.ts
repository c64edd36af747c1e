import type { DisarmCause, FunctionAddress, Manifest } from '@dormouse/protocol';
import { readDenyList, type Denies } from './deny-list.js';

/**
 * What this process allows, whatever probes the collector wants. The process's own word and the collector's add up:
 * neither allows what the other forbids.
 */
export interface Policy {
  /** Why a function may not be probed now, if it may not. */
  forbids(at: FunctionAddress): Extract<DisarmCause, 'killSwitch' | 'denied'> | undefined;
  /** The program's own kill switch. */
  kill(on: boolean): void;
  /** The collector's kill switch, and its deny list. */
  setRemote(policy: RemotePolicy): void;
  /** The build is another one. */
  buildChanged(): void;
}

export interface RemotePolicy {
  readonly killed: boolean;
  readonly deny: readonly string[];
}

/**
 * @param deny the process's own deny list
 * @param readManifest of the running build; called only where there is something to deny. It may throw
 */
export function createPolicy(deny: readonly string[], readManifest: () => Manifest | undefined): Policy {
  let isKilled = false;
  let remote: RemotePolicy = { killed: false, deny: [] };
  let denies: Denies | undefined;

  function readDenies(): Denies {
    const entries = [...deny, ...remote.deny];
    try {
      return readDenyList(entries, entries.length === 0 ? undefined : readManifest());
    } catch {
      return readDenyList(entries, undefined);
    }
  }

  return {
    forbids(at) {
      if (isKilled || remote.killed) return 'killSwitch';
      denies ??= readDenies();
      return denies(at) ? 'denied' : undefined;
    },
    kill(on) {
      isKilled = on;
    },
    setRemote(policy) {
      remote = policy;
      denies = undefined;
    },
    buildChanged() {
      denies = undefined;
    },
  };
}
