import type { KillSwitchRequest } from '@dormouse/protocol';

/** What a kill switch is for. */
export interface SwitchTarget {
  /** As a person says it: `all probes of trades`. */
  readonly name: string;
  readonly scope: Pick<KillSwitchRequest, 'service' | 'instance'>;
}
