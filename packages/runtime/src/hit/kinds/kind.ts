import type { ProbeReport, StepsPlace } from '@dormouse/protocol';
import type { Gate } from '../gate.js';
import type { Plug } from '../plug.js';

/** What a probe of some kind does in this process. */
export interface Kind {
  /** Its hooks, and where they belong. */
  readonly plugs: readonly Plug[];
  /** Without these it does its work as well: they are plugged in as far as that can be done. They may become more. */
  readonly optionalPlugs?: readonly Plug[];
  /** The collector has learnt more functions that lead to the probe. */
  addCallers?(functions: readonly StepsPlace[]): void;
  /** Off the hit path, several times a second: what only time brings about. */
  settle?(): void;
  /** Ships what it still holds: the probe is disarmed, or the process exits. */
  flush?(): void;
  /** What its report has besides the account. */
  report?(): Partial<ProbeReport>;
}

/**
 * Makes a probe's hooks, which pass their hits through the gate.
 * @throws where one of the command's expressions is not valid
 */
export type OpenKind = (gate: Gate) => Kind;
