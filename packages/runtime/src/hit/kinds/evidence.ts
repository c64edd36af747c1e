import type { TakeEvidence } from '../evidence.js';
import type { Gate } from '../gate.js';
import { createLogWriter } from '../log.js';
import { plugAt, type OnHit } from '../plug.js';
import { createSnapshotTaker } from '../snapshot.js';
import type { Kind, OpenKind } from './kind.js';

/** Kinds that ship evidence of each hit, until they reach their hit limit. */
export const openSnapshot: OpenKind = (gate) =>
  shipEach(gate, createSnapshotTaker(gate.command, gate.layout));
export const openLog: OpenKind = (gate) => shipEach(gate, createLogWriter(gate.command, gate.layout));

function shipEach(gate: Gate, take: TakeEvidence): Kind {
  const { account, command } = gate;
  const ship: OnHit = (frame, below) => {
    gate.deliver(frame, below, take);
    // Only what was enqueued counts.
    if (account.captured >= command.limits.hits && account.state === 'armed') gate.disarm('hitLimit');
  };
  return {
    plugs: [plugAt(command.place, gate.layout, (frame, below) => gate.pass(frame, below, ship))],
  };
}
