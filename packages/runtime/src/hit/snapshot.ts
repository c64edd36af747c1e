import type { Capture, ProbeCommand, StepsPlace, WatchResult } from '@dormouse/protocol';
import { openCapture, type CaptureSession } from '../capture/session.js';
import { warmUp } from '../capture/warm-up.js';
import { takeStack } from '../stack/stack.js';
import type { Callers } from './callers.js';
import { captureLine } from './captured-line.js';
import { errorText } from './error-text.js';
import type { TakeEvidence } from './evidence.js';
import { UNINITIALISED, type Frame, type FrameLayout, type Outcome } from './frame.js';
import { mapList } from './list.js';
import { compileProgram, type Program } from './program.js';
import { captureSelf, captureVariables } from './variables.js';

/** Of what is not a value: the stack, which is not read yet, and the capture's own fields. */
const FRAME_BYTES = 2_400;

/**
 * The variables at a point, the watches and the stack; of a call's end, the last line that it ran; and the calls that led to it.
 * @throws where a watch is not valid
 */
export function createSnapshotTaker(
  command: ProbeCommand,
  layout: FrameLayout,
  callers?: Callers,
): TakeEvidence {
  const watches = command.watches.map((watch) => compileProgram(watch, layout));
  const { capture, lines, place } = command;
  const { self, locals } = place;
  const { outers } = layout;
  const endsCall = place.on !== 'line' && place.on !== 'entry';
  const hasValuesOnly = watches.length === 0 && callers === undefined;
  warmUp();
  return (frame, below) => {
    const session = openCapture(capture);
    const fields = {
      ...(place.on !== 'line' && { on: place.on }),
      ...(endsCall && captureEnd(session, frame, layout)),
      ...(self && { self: captureSelf(session, frame[0]) }),
      locals: captureVariables(session, locals, frame, 1),
      ...(outers.length > 0 && { outers: captureVariables(session, outers, frame, layout.firstOuter) }),
      ...(watches.length > 0 && {
        watches: mapList(watches, (watch) => captureWatch(session, watch, frame)),
      }),
      ...(lines !== undefined && captureLastLine(session, lines, frame, layout)),
      stack: takeStack(capture.frames, below),
      ...(callers !== undefined && { trail: callers.trail(session) }),
    };
    const uninitialised = outers.length > 0 && frame[layout.firstOuter] === UNINITIALISED;
    return {
      fields,
      incomplete: session.incomplete || uninitialised,
      bytes: hasValuesOnly ? FRAME_BYTES + session.bytes : undefined,
    };
  };
}

/** Nothing where the call has reached no line. */
function captureLastLine(
  session: CaptureSession,
  lines: StepsPlace,
  frame: Frame,
  { lastPoint, lastValues }: FrameLayout,
): Pick<Capture, 'lastLine'> {
  const values = frame[lastValues] as readonly unknown[] | undefined;
  if (values === undefined) return {};
  return { lastLine: captureLine(session, lines, frame[lastPoint] as number, values) };
}

function captureEnd(
  session: CaptureSession,
  frame: Frame,
  layout: FrameLayout,
): Pick<Capture, 'returned' | 'threw' | 'durationMs'> {
  const outcome = frame[layout.outcome] as Outcome;
  return {
    ...(outcome === 'returned' && {
      returned: session.variable('$return', frame[layout.returned]).value,
    }),
    ...(outcome === 'threw' && { threw: session.variable('$error', frame[layout.threw]).value }),
    durationMs: frame[layout.duration] as number,
  };
}

function captureWatch(session: CaptureSession, watch: Program, frame: Frame): WatchResult {
  try {
    return { source: watch.source, value: session.value(watch.evaluate(frame)) };
  } catch (error) {
    return { source: watch.source, error: errorText(error) };
  }
}
