import type { CheckReport } from '@dormouse/protocol';
import { monotonicMs } from '../../intrinsics.js';
import { errorText } from '../error-text.js';
import type { Below } from '../evidence.js';
import { fillFrame, type Frame } from '../frame.js';
import { plugAt } from '../plug.js';
import { compileProgram } from '../program.js';
import { createSnapshotTaker } from '../snapshot.js';
import type { OpenKind } from './kind.js';

/**
 * Counts the hits at which an expression held and those at which it did not, ships the evidence of the first
 * violations, and decides when it has seen enough.
 */
export const openCheck: OpenKind = (gate) => {
  const { command, layout, account } = gate;
  if (command.expect === undefined) throw new Error('a check needs an expression that must hold');
  const expectation = compileProgram(command.expect, layout);
  const take = createSnapshotTaker(command, layout);
  const { afterHits = Infinity, afterMs = Infinity } = command.verdict ?? {};
  const decidesAt = monotonicMs() + afterMs;
  let held = 0;
  let violated = 0;
  let failed = 0;
  let verdict: CheckReport['verdict'];

  function decide(): void {
    verdict = violated > 0 ? 'violated' : held > 0 ? 'holds' : 'undecided';
    gate.disarm('verdict');
  }

  /** @returns undefined where the expression has no value */
  function holds(frame: Frame): boolean | undefined {
    if (expectation.needsFilledFrame) fillFrame(frame, layout, account.seen);
    try {
      return !!expectation.evaluate(frame);
    } catch (error) {
      account.message = `The check's expression failed: ${errorText(error)}`;
      return undefined;
    }
  }

  function test(frame: Frame, below: Below): void {
    const isHeld = holds(frame);
    if (isHeld === undefined) failed++;
    else if (isHeld) held++;
    else violated++;
    // Evidence has its limits; violations are counted all the same.
    if (isHeld === false && !gate.isSpent) gate.deliver(frame, below, take);
    else account.matched++;
    if (held + violated + failed >= afterHits) decide();
  }

  const plug = plugAt(command.place, layout, (frame, below) => gate.pass(frame, below, test));
  return {
    plugs: [plug],
    settle() {
      if (account.state === 'armed' && monotonicMs() >= decidesAt) decide();
    },
    report: () => ({ check: { held, violated, failed, ...(verdict !== undefined && { verdict }) } }),
  };
};
