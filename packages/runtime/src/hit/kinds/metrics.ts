import type { CallOutcome, PointAddress } from '@dormouse/protocol';
import { errorText } from '../error-text.js';
import { fillFrame, type Frame } from '../frame.js';
import type { Gate } from '../gate.js';
import type { Measure } from '../metrics/figures.js';
import { Recording } from '../metrics/recording.js';
import { plugAt } from '../plug.js';
import { compileProgram } from '../program.js';
import type { Kind, OpenKind } from './kind.js';

/** Kinds that add up figures in the process and ship them once a second; a hit costs little more than the addition. */
export const openCounter: OpenKind = (gate) => {
  const { condition, context, metric, place } = gate.command;
  const readsNothing = condition === undefined && context === undefined && metric?.by === undefined;
  return place.on === 'line' && readsNothing ? countUnread(gate, place) : recordEach(gate, 'count');
};

export const openGauge: OpenKind = (gate) => recordEach(gate, 'summary');

export const openHistogram: OpenKind = (gate) => recordEach(gate, 'distribution');

/** Calls that return, that throw, and that end unseen are told apart. */
export const openDuration: OpenKind = (gate) => {
  if (gate.command.place.on === 'line') throw new Error('a duration is of calls, not of a line');
  return recordEach(gate, 'distribution');
};

const recordingOf = (gate: Gate, measure: Measure): Recording => {
  const { by, keys } = gate.command.metric ?? {};
  return new Recording(measure, by && keys, (metric) => gate.ship({ metric }));
};

/** The commonest metric: hits of a line, whatever its variables are. */
function countUnread(gate: Gate, at: PointAddress): Kind {
  const recording = recordingOf(gate, 'count');
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

/** @throws where one of its expressions is missing or not valid */
function recordEach(gate: Gate, measure: Measure): Kind {
  const { account, command, layout } = gate;
  const { kind, metric, place } = command;
  const by = metric?.by && compileProgram(metric.by, layout);
  const value = metric?.value && compileProgram(metric.value, layout);
  if (measure !== 'count' && kind !== 'duration' && value === undefined)
    throw new Error(`a ${kind} needs an expression for its number`);
  const needsFilledFrame = by?.needsFilledFrame === true || value?.needsFilledFrame === true;
  const recording = recordingOf(gate, measure);

  const record = (frame: Frame): void => {
    account.matched++;
    const { window } = recording;
    if (window.isSpent) return window.fail('error');
    try {
      if (needsFilledFrame) fillFrame(frame, layout, account.seen);
      const key = by?.evaluate(frame);
      if (measure === 'count') window.count(key, 1);
      else if (value !== undefined) window.add(undefined, key, value.evaluate(frame));
      else window.add(frame[layout.outcome] as CallOutcome, key, frame[layout.duration]);
    } catch (error) {
      window.fail('error');
      account.message = `The ${kind} could not be read: ${errorText(error)}`;
    }
  };
  return {
    plugs: [plugAt(place, layout, (frame, below) => gate.pass(frame, below, record))],
    settle: () => recording.settle(),
    flush: () => recording.flush(),
  };
}
