import type { CapturedSpan, ProbeCommand, SpanAttributes, SpanCommand } from '@dormouse/protocol';
import { openCapture } from '../../capture/session.js';
import { currentContext } from '../../context/current.js';
import { newSpanId, newTraceId } from '../../context/ids.js';
import { endSpan, idsOf, setAttributes, startSpan, type TelemetrySpan } from '../../context/opentelemetry.js';
import type { TraceIds } from '../../context/slot.js';
import { createObject, monotonicMs, wallClockMs } from '../../intrinsics.js';
import type { CallHook } from '../../switchboard/call-hooks.js';
import { ATTRIBUTE_LIMITS, attributeValue } from '../attribute-value.js';
import { compileAttributes, readAttributes, type AttributesInTheMaking } from '../attributes.js';
import { fillFrame, type Frame, type Outcome } from '../frame.js';
import { copyParameters } from '../plug.js';
import type { OpenKind } from './kind.js';

/** A call under way, with its span. */
interface Begun {
  readonly frame: Frame;
  readonly startedAt: number;
  readonly begunAt: number;
  /** What the call's begin took us, ms. */
  readonly tookMs: number;
  readonly ids: TraceIds;
  readonly parentSpanId: string | undefined;
  readonly attributes: AttributesInTheMaking;
  readonly isComplete: boolean;
  /** In the program's own tracer, where it has one. */
  readonly telemetry: TelemetrySpan | undefined;
}

/**
 * A span for each call that the condition holds for as it begins: a child of the program's active span, in the program's
 * own tracer where it has one. Nothing can be made active from outside, so spans begun inside the call are its siblings.
 */
export const openSpan: OpenKind = (gate) => {
  const { command, layout, account } = gate;
  const { place, span } = command;
  if (span === undefined || place.on !== 'end') throw new Error('a span needs the calls of a function');
  const attributes = compileAttributes(command.attributes ?? [], layout);
  const ofBegin = attributes.filter(({ program }) => !program.readsEnd);
  const ofEnd = attributes.filter(({ program }) => program.readsEnd);
  /** The call that begins at this moment, on its way from `begin` to the hook. */
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
    if (account.captured >= command.limits.hits) gate.disarm('hitLimit');
  };

  const endOf =
    (outcome: Outcome) =>
    (call: unknown, value?: unknown): void => {
      if (call !== undefined) gate.follow(() => end(call as Begun, outcome, value));
    };

  const hook: CallHook = {
    outlives: true,
    entered(values) {
      gate.pass(copyParameters(values, layout), hook.entered, begin);
      const begun = latest;
      latest = undefined;
      return begun;
    },
    returned: endOf('returned'),
    threw: endOf('threw'),
    ended: endOf('ended'),
  };
  return { plugs: [{ on: 'call', at: place, hook }] };
};

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
