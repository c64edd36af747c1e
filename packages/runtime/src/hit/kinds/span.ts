import type {
  CallPlace,
  CapturedSpan,
  LinePlace,
  ProbeCommand,
  SpanAttributes,
  SpanCommand,
} from '@dormouse/protocol';
import { openCapture } from '../../capture/session.js';
import { currentContext } from '../../context/current.js';
import { newSpanId, newTraceId } from '../../context/ids.js';
import { endSpan, idsOf, setAttributes, startSpan, type TelemetrySpan } from '../../context/opentelemetry.js';
import type { TraceIds } from '../../context/slot.js';
import { createObject, monotonicMs, wallClockMs } from '../../intrinsics.js';
import type { CallHook } from '../../switchboard/call-hooks.js';
import { ATTRIBUTE_LIMITS, attributeValue } from '../attribute-value.js';
import { compileAttributes, readAttributes, type AttributesInTheMaking } from '../attributes.js';
import { fillFrame, type Frame, type FrameLayout, type Outcome } from '../frame.js';
import { copyLine, copyParameters, passesOf, type Plug } from '../plug.js';
import type { OpenKind } from './kind.js';

/** A call, or lines of one, under way with their span. */
interface Begun {
  readonly frame: Frame;
  readonly startedAt: number;
  readonly begunAt: number;
  /** What its begin took us, ms. */
  readonly tookMs: number;
  readonly ids: TraceIds;
  readonly parentSpanId: string | undefined;
  readonly attributes: AttributesInTheMaking;
  readonly isComplete: boolean;
  /** In the program's own tracer, where it has one. */
  readonly telemetry: TelemetrySpan | undefined;
}

/** Begins and ends spans; neither throws. */
interface Spans {
  /** @returns nothing where the condition does not hold, or a limit is reached */
  begin(frame: Frame): Begun | undefined;
  end(begun: Begun, outcome: Outcome, value?: unknown): void;
}

/**
 * A span for each call, or each run of some lines of one, that the condition holds for as it begins: a child of the program's active span, in the program's
 * own tracer where it has one. Nothing can be made active from outside, so spans begun inside the call are its siblings.
 */
export const openSpan: OpenKind = (gate) => {
  const { command, layout, account } = gate;
  const { span } = command;
  if (span === undefined) throw new Error('a span needs a name');
  const attributes = compileAttributes(command.attributes ?? [], layout);
  const ofBegin = attributes.filter(({ program }) => !program.readsEnd);
  const ofEnd = attributes.filter(({ program }) => program.readsEnd);
  /** What begins at this moment, on its way from the gate to who asked. */
  let latest: Begun | undefined;

  const begin = (frame: Frame): void => {
    const admittedAt = gate.admit();
    if (admittedAt === undefined) return;
    fillFrame(frame, layout, account.seen);
    const values = sourceAttributes(command, span);
    const isComplete = readAttributes(ofBegin, frame, values);
    const parent = currentContext().trace;
    const telemetry = startSpan(span.name, values);
    const ids = (telemetry && idsOf(telemetry)) ?? {
      traceId: parent?.traceId ?? newTraceId(),
      spanId: newSpanId(),
    };
    const begunAt = monotonicMs();
    latest = {
      frame,
      startedAt: wallClockMs(),
      begunAt,
      tookMs: begunAt - admittedAt,
      ids,
      parentSpanId: parent?.traceId === ids.traceId ? parent.spanId : undefined,
      attributes: values,
      isComplete,
      telemetry,
    };
  };

  const end = (begun: Begun, outcome: Outcome, value: unknown): void => {
    const endedAt = monotonicMs();
    const { frame, telemetry } = begun;
    frame[layout.returned] = outcome === 'returned' ? value : undefined;
    frame[layout.threw] = outcome === 'threw' ? value : undefined;
    frame[layout.duration] = endedAt - begun.begunAt;
    const ending = createObject(null) as AttributesInTheMaking;
    const isComplete = readAttributes(ofEnd, frame, ending) && begun.isComplete;
    const error = outcome === 'threw' ? thrownText(value) : undefined;
    if (telemetry !== undefined) {
      setAttributes(telemetry, ending);
      endSpan(telemetry, error);
    }
    if (account.state !== 'armed') return;
    const fields = {
      ...begun.ids,
      span: finished(begun, span.name, endedAt, outcome, error, ending),
    };
    gate.show({ fields, incomplete: !isComplete }, endedAt - begun.tookMs);
    if (gate.isSpent) gate.disarm('hitLimit');
  };

  const spans: Spans = {
    begin(frame) {
      gate.pass(frame, begin, begin);
      const begun = latest;
      latest = undefined;
      return begun;
    },
    end(begun, outcome, value) {
      gate.follow(() => end(begun, outcome, value));
    },
  };
  return { plugs: [plugSpans(command, layout, spans)] };
};

function plugSpans({ place, until }: ProbeCommand, layout: FrameLayout, spans: Spans): Plug {
  if (place.on === 'end') return plugCalls(place, layout, spans);
  if (place.on === 'line' && until !== undefined) return plugLines(place, until, layout, spans);
  throw new Error('a span needs the calls of a function, or two lines');
}

function plugCalls(at: CallPlace, layout: FrameLayout, { begin, end }: Spans): Plug {
  const endWith =
    (outcome: Outcome) =>
    (begun: unknown, value?: unknown): void =>
      end(begun as Begun, outcome, value);
  const hook: CallHook = {
    outlives: true,
    entered: (values) => begin(copyParameters(values, layout)),
    returned: endWith('returned'),
    threw: endWith('threw'),
    ended: endWith('ended'),
  };
  return { on: 'call', at, hook };
}

/** A call whose lines are traced, with the span of those that run. */
interface Lines {
  begun: Begun | undefined;
}

/** The first line's hit begins a span; the second one's, the call's end, or the first one's again ends it. */
function plugLines(from: LinePlace, to: LinePlace, layout: FrameLayout, { begin, end }: Spans): Plug {
  const finish = (call: Lines, outcome: Outcome, value?: unknown): void => {
    if (call.begun !== undefined) end(call.begun, outcome, value);
    call.begun = undefined;
  };
  const finishWith =
    (outcome: Outcome) =>
    (call: unknown, value?: unknown): void =>
      finish(call as Lines, outcome, value);
  const hook: CallHook = {
    outlives: true,
    entered: (): Lines => ({ begun: undefined }),
    lines: {
      points: [from, to].map((place) => ({ index: place.pointIndex, passes: passesOf(place) })),
      reached(reached, point, values) {
        const call = reached as Lines;
        if (point === to.pointIndex) finish(call, 'returned');
        if (point !== from.pointIndex) return;
        finish(call, 'ended');
        call.begun = begin(copyLine(values, layout));
      },
    },
    returned: finishWith('returned'),
    threw: finishWith('threw'),
    ended: finishWith('ended'),
  };
  return { on: 'call', at: from, hook };
}

/** Where the span's code is, by OpenTelemetry's semantic conventions 1.45. */
function sourceAttributes(command: ProbeCommand, span: SpanCommand): AttributesInTheMaking {
  const attributes = createObject(null) as AttributesInTheMaking;
  attributes['code.file.path'] = span.file;
  attributes['code.line.number'] = span.line;
  attributes['code.function.name'] = span.function;
  attributes['dormouse.probe'] = command.id;
  return attributes;
}

const STATUS = { returned: 'ok', threw: 'error', ended: 'unset' } as const;

const finished = (
  { ids, parentSpanId, startedAt, begunAt, attributes, telemetry }: Begun,
  name: string,
  endedAt: number,
  outcome: Outcome,
  error: string | undefined,
  ending: SpanAttributes,
): CapturedSpan => ({
  recorder: telemetry === undefined ? 'dormouse' : 'opentelemetry',
  ...ids,
  ...(parentSpanId !== undefined && { parentSpanId }),
  name,
  startedAt,
  durationMs: endedAt - begunAt,
  status: STATUS[outcome],
  ...(error !== undefined && { error }),
  attributes: { ...attributes, ...ending },
});

/** An error with its class, or whatever was thrown, without secrets. */
const thrownText = (thrown: unknown): string =>
  `${attributeValue(openCapture(ATTRIBUTE_LIMITS).value(thrown))}`;
