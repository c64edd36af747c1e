import type { PointAddress } from '@dormouse/protocol';
import type { CallPoint } from '../../switchboard/call-hooks.js';
import type { Frame } from '../frame.js';
import type { Gate } from '../gate.js';
import type { Measure } from '../metrics/figures.js';
import { openRecorder, openRecording } from '../metrics/recorder.js';
import { plugAt } from '../plug.js';
import type { Kind, OpenKind } from './kind.js';

/** Kinds that add up figures in the process and ship them once a second; a hit costs little more than the addition. */
export const openCounter: OpenKind = (gate) => {
  const { condition, context, metric, place } = gate.command;
  const readsNothing = condition === undefined && context === undefined && metric?.by === undefined;
  return place.on === 'line' && readsNothing ? countUnread(gate, place) : recordEach(gate, 'count');
};

export const openGauge: OpenKind = (gate) => recordNumbers(gate, 'summary');

export const openHistogram: OpenKind = (gate) => recordNumbers(gate, 'distribution');

/** Calls that return, that throw, and that end unseen are told apart; of async ones also running and waiting. */
export const openDuration: OpenKind = (gate) => {
  const { place, metric } = gate.command;
  if (place.on === 'line') throw new Error('a duration is of calls, not of a line');
  const points = metric?.passes?.map((passes, index): CallPoint => ({ index, passes }));
  return recordEach(gate, 'distribution', points);
};

/** The commonest metric: hits of a line, whatever its variables are. */
function countUnread(gate: Gate, at: PointAddress): Kind {
  const recording = openRecording(gate, 'count');
  let hits = 0;
  const count = (): void => {
    if (hits > 0) recording.window.count(undefined, hits);
    hits = 0;
  };
  const hook = (): void => {
    if (gate.passUnread()) hits++;
  };
  return {
    plugs: [{ on: 'line', at, hook }],
    settle() {
      count();
      recording.settle();
    },
    flush() {
      count();
      recording.flush();
    },
  };
}

function recordNumbers(gate: Gate, measure: Measure): Kind {
  const { kind, metric } = gate.command;
  if (metric?.value === undefined) throw new Error(`a ${kind} needs an expression for its number`);
  return recordEach(gate, measure);
}

function recordEach(gate: Gate, measure: Measure, points?: readonly CallPoint[]): Kind {
  const { account, command, layout } = gate;
  const { recording, record } = openRecorder(gate, measure, layout);
  const count = (frame: Frame): void => {
    account.matched++;
    record(frame);
  };
  return {
    plugs: [plugAt(command.place, layout, (frame, below) => gate.pass(frame, below, count), points)],
    settle: () => recording.settle(),
    flush: () => recording.flush(),
  };
}
