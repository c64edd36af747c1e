import type { DisarmCause, FunctionAddress, Manifest, PolicyMessage } from '@dormouse/protocol';
import { readDenyList, type DeniesAt } from './deny-list.js';

/** Why something may not be probed now: the cause, and a sentence for a person. */
export type Prohibition = readonly [
  cause: Extract<DisarmCause, 'killSwitch' | 'denied' | 'lifetimeLimit'>,
  message: string,
];

/**
 * What this process allows, whatever probes the collector wants. The process's own word and the collector's add up:
 * neither allows what the other forbids.
 */
export interface Policy {
  /** Why a function may not be probed now, if it may not. */
  forbids(at: FunctionAddress): Prohibition | undefined;
  /** The program's own kill switch. */
  isKilled: boolean;
  /** All is sent that the process may send in its life. */
  isExhausted: boolean;
  /** The collector's kill switch, and its deny list. */
  setRemote(policy: RemotePolicy): void;
  /** The build is another one. */
  buildChanged(): void;
}

export type RemotePolicy = Pick<PolicyMessage, 'killed' | 'reason' | 'deny'>;

const KILLED: Prohibition = ['killSwitch', 'The program itself has switched its probes off.'];
const DENIED: Prohibition = [
  'denied',
  'The deny list of this process does not allow this function to be probed.',
];
const EXHAUSTED: Prohibition = [
  'lifetimeLimit',
  'This process has sent as much as it may in its life. Start it again, or with a higher DORMOUSE_MAX_TOTAL_HITS or DORMOUSE_MAX_TOTAL_BYTES.',
];

const killedFor = (reason = 'no reason was given'): Prohibition => [
  'killSwitch',
  `The collector’s kill switch is on: ${reason}`,
];

/**
 * @param deny the process's own deny list
 * @param readManifest of the running build; called only where there is something to deny. It may throw
 */
export function createPolicy(deny: readonly string[], readManifest: () => Manifest | undefined): Policy {
  let remote: RemotePolicy = { killed: false, deny: [] };
  let denies: DeniesAt | undefined;

  function readDenies(): DeniesAt {
    const entries = [...deny, ...remote.deny];
    try {
      return readDenyList(entries, entries.length === 0 ? undefined : readManifest());
    } catch {
      return readDenyList(entries, undefined);
    }
  }

  const policy: Policy = {
    isKilled: false,
    isExhausted: false,
    forbids(at) {
      if (policy.isKilled) return KILLED;
      if (remote.killed) return killedFor(remote.reason);
      if (policy.isExhausted) return EXHAUSTED;
      denies ??= readDenies();
      return denies(at) ? DENIED : undefined;
    },
    setRemote(wanted) {
      remote = wanted;
      denies = undefined;
    },
    buildChanged() {
      denies = undefined;
    },
  };
  return policy;
}
