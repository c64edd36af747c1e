import {
  CONTRACT_VERSION,
  DEFAULT_PROCESS_LIMITS,
  type Capture,
  type ProbeCommand,
} from '@dormouse/protocol';
import { createProbeSet, type ProbeSet } from '../../src/agent/probe-set.ts';
import { ProcessBudget } from '../../src/budget/budget.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { OWN_REALM, type Realm } from '../../src/switchboard/realm.ts';
import { createSwitchboard } from '../../src/switchboard/switchboard.ts';
import { runWoven, type WovenPoints, type WovenScript } from './woven.ts';

/** A woven script in this process whose probes queue their captures here. */
export interface Armed {
  readonly captures: Capture[];
  readonly probes: ProbeSet;
  /** The script's last value. */
  readonly value: unknown;
  /** Makes these all that is wanted. */
  want(...commands: ((woven: WovenPoints) => ProbeCommand)[]): void;
}

export function armScript(source: string, ...commands: ((woven: WovenPoints) => ProbeCommand)[]): Armed {
  const woven: WovenScript = runWoven(source);
  const file = armFile(woven);
  const want: Armed['want'] = (...wanted) => file.probes.apply(wanted.map((command) => command(woven)));
  want(...commands);
  return { ...file, value: woven.value, want };
}

export interface Surroundings {
  /** In which the file was evaluated; default: this one. */
  readonly realm?: Realm;
  /** Default: nothing. */
  readonly forbids?: Policy['forbids'];
}

/** The same for a file that was evaluated elsewhere. */
export function armFile(
  { file }: WovenPoints,
  { realm = OWN_REALM, forbids = () => undefined }: Surroundings = {},
  ...commands: ProbeCommand[]
): Pick<Armed, 'captures' | 'probes'> {
  const board = createSwitchboard();
  board.add({ contract: CONTRACT_VERSION, file: file.id, functions: file.functions.length }, realm);
  const captures: Capture[] = [];
  const probes = createProbeSet(
    board,
    {
      budget: new ProcessBudget({ ...DEFAULT_PROCESS_LIMITS, cpuShare: 1, loopDelayMs: Infinity }),
      nextCaptureId: () => `capture-${captures.length + 1}`,
      enqueue(capture) {
        captures[captures.length] = capture;
        return undefined;
      },
    },
    () => true,
    forbids,
  );
  probes.apply(commands);
  return { captures, probes };
}
