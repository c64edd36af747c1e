import type { StepsPlace } from '@dormouse/protocol';
import { Callers } from '../callers.js';
import { keepLastLine } from '../last-line.js';
import { plugAt, type Plug } from '../plug.js';
import { createSnapshotTaker } from '../snapshot.js';
import type { OpenKind } from './kind.js';
import { shipEach } from './ship-each.js';

/** What it takes the program to tell of a line that is followed, ms: too short to be timed. */
const LINE_MS = 0.000_08;

/** The variables at a line or of a call, and where they are followed, of the calls that led to it. */
export const openSnapshot: OpenKind = (gate) => {
  const { command, layout } = gate;
  const { lines, place } = command;
  const callers = command.callers && new Callers(command.callers, place, command.capture);
  const onHit = shipEach(gate, createSnapshotTaker(command, layout, callers));
  let linesHeard = 0;
  const count = (): void => {
    linesHeard++;
  };

  const atPlace = plugAt(place, layout, onHit);
  const plug = lines === undefined ? atPlace : keepLastLine(atPlace, lines, layout, count);
  const optionalPlugs: Plug[] = [];
  const addCallers = (functions: readonly StepsPlace[]): void => {
    for (const caller of callers?.follow(functions, count) ?? []) optionalPlugs.push(caller);
  };
  addCallers(command.callers?.functions ?? []);
  return {
    plugs: [callers?.ofPlace(plug) ?? plug],
    optionalPlugs,
    addCallers,
    settle() {
      callers?.settle();
      if (linesHeard > 0) gate.charge(linesHeard * LINE_MS);
      linesHeard = 0;
    },
  };
};
