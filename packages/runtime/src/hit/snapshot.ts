import { intrinsics, readOwn } from '@dormouse/expression/inspect';
import type { Capture, CapturedProperty, CapturedValue, ProbeCommand, WatchResult } from '@dormouse/protocol';
import { openCapture, type CaptureSession } from '../capture/session.js';
import { warmUp } from '../capture/warm-up.js';
import { takeStack } from '../stack/stack.js';
import { errorText } from './error-text.js';
import type { TakeEvidence } from './evidence.js';
import { UNINITIALISED, type Frame, type FrameLayout, type Outcome } from './frame.js';
import { mapList } from './list.js';
import { compileProgram, type Program } from './program.js';

/**
 * The variables at a point, the watches and the stack.
 * @throws where a watch is not valid
 */
export function createSnapshotTaker(command: ProbeCommand, layout: FrameLayout): TakeEvidence {
  const watches = command.watches.map((watch) => compileProgram(watch, layout));
  const { capture, place } = command;
  const { self, locals } = place;
  const { outers } = layout;
  const endsCall = place.on !== 'line' && place.on !== 'entry';
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
      stack: takeStack(capture.frames, below),
    };
    const uninitialised = outers.length > 0 && frame[layout.firstOuter] === UNINITIALISED;
    return { fields, incomplete: session.incomplete || uninitialised };
  };
}

const { isObject, isProxy } = intrinsics;

/** What `this` is in a plain call of a sloppy function: named, not opened, or it would fill every capture. */
const GLOBAL: CapturedValue = {
  type: 'object',
  class: 'globalThis',
  properties: [],
  omitted: { reason: 'depth' },
};

const captureSelf = (session: CaptureSession, self: unknown): CapturedValue =>
  isGlobal(self) ? GLOBAL : session.variable('this', self).value;

/** That of a `vm` context is known by what it says of itself. */
const isGlobal = (self: unknown): boolean =>
  self === globalThis || (isObject(self) && !isProxy(self) && readOwn(self, 'globalThis') === self);

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

const captureVariables = (
  session: CaptureSession,
  names: readonly string[],
  frame: Frame,
  firstSlot: number,
): CapturedProperty[] =>
  mapList(names, (name, index) => captureVariable(session, name, frame[firstSlot + index]));

const captureVariable = (session: CaptureSession, name: string, value: unknown): CapturedProperty =>
  value === UNINITIALISED
    ? { key: name, value: { type: 'omitted', omitted: { reason: 'uninitialised' } } }
    : session.variable(name, value);

function captureWatch(session: CaptureSession, watch: Program, frame: Frame): WatchResult {
  try {
    return { source: watch.source, value: session.value(watch.evaluate(frame)) };
  } catch (error) {
    return { source: watch.source, error: errorText(error) };
  }
}
