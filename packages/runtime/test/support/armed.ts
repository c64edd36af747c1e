import { CONTRACT_VERSION, DEFAULT_PROCESS_LIMITS, type Capture, type ProbeCommand } from '@dormouse/protocol';
import { createProbeSet, type ProbeSet } from '../../src/agent/probe-set.ts';
import { ProcessBudget } from '../../src/budget/budget.ts';
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
  const board = createSwitchboard();
  board.add({ contract: CONTRACT_VERSION, file: woven.file.id, functions: woven.file.functions.length });
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
    () => undefined,
  );
  const want: Armed['want'] = (...wanted) => probes.apply(wanted.map((command) => command(woven)));
  want(...commands);
  return { captures, probes, value: woven.value, want };
}
