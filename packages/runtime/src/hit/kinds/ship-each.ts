import type { TakeEvidence } from '../evidence.js';
import type { Gate } from '../gate.js';
import type { OnHit } from '../plug.js';

/** What kinds do at a hit that ship evidence of each, until they reach their hit limit. */
export function shipEach(gate: Gate, take: TakeEvidence): OnHit {
  const { account } = gate;
  const ship: OnHit = (frame, below) => {
    gate.deliver(frame, below, take);
    // Only what was enqueued counts.
    if (gate.isSpent && account.state === 'armed') gate.disarm('hitLimit');
  };
  return (frame, below) => gate.pass(frame, below, ship);
}
