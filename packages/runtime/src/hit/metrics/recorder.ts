import { readsRedacted, redaction } from '@dormouse/expression/redaction';
import type { CallOutcome } from '@dormouse/protocol';
import { errorText } from '../error-text.js';
import { fillFrame, type Frame, type FrameLayout } from '../frame.js';
import type { Gate } from '../gate.js';
import { compileProgram } from '../program.js';
import type { Measure } from './figures.js';
import { Recording } from './recording.js';

/** Adds up what the frames of a metric's hits hold. */
export interface Recorder {
  readonly recording: Recording;
  /**
   * Adds one: its number is what the metric reads, else the time that is given, else the duration in the frame.
   * @param frame read where the metric has expressions or no time is given
   * @param time ms
   */
  record(frame: Frame, time?: number): void;
}

/**
 * @param layout of the frames that are recorded
 * @throws where one of the metric's expressions is not valid
 */
export function openRecorder(gate: Gate, measure: Measure, layout: FrameLayout): Recorder {
  const { account, command } = gate;
  const { kind, metric } = command;
  const by = metric?.by && compileProgram(metric.by, layout);
  const value = metric?.value && compileProgram(metric.value, layout);
  const needsFilledFrame = by?.needsFilledFrame === true || value?.needsFilledFrame === true;
  const tellsWaits = metric?.passes !== undefined;
  const recording = openRecording(gate, measure);

  return {
    recording,
    record(frame, time) {
      const { window } = recording;
      if (window.isSpent) return window.fail('error');
      try {
        if (needsFilledFrame) fillFrame(frame, layout, account.seen);
        const key = by?.evaluate(frame);
        if (measure === 'count') window.count(key, 1);
        else if (value !== undefined) window.add(undefined, key, value.evaluate(frame));
        else if (time !== undefined) window.add(undefined, key, time);
        else {
          const outcome = frame[layout.outcome] as CallOutcome;
          window.add(outcome, key, frame[layout.duration], tellsWaits ? frame[layout.waited] : undefined);
        }
      } catch (error) {
        window.fail('error');
        account.message = `The ${kind} could not be read: ${errorText(error)}`;
      }
    },
  };
}

/** The windows of a gate's metric, which it ships. */
export function openRecording(gate: Gate, measure: Measure): Recording {
  const { by, keys } = gate.command.metric ?? {};
  const showsKeys = (): boolean => by === undefined || readsRedacted(by, redaction()) === undefined;
  return new Recording(measure, by && keys, (metric) => gate.ship({ metric }), showsKeys);
}
