import type {
  Capture,
  CapturedLine,
  CapturedPath,
  CapturedProperty,
  CapturedValue,
  CaptureView,
} from '@dormouse/protocol';
import { capture as captureSchema, captureOutline } from '../schemas/capture.js';
import { firstProblem } from '../schemas/problem.js';
import type { Hiding } from './hide.js';
import { MALFORMED, TOO_DEEP, ValueReader } from './values.js';

/** A capture as it may be kept, or what is wrong with it. */
export type Accepted =
  | { readonly capture: Capture; readonly hidden: number; readonly problem?: never }
  | { readonly problem: string };

const NESTED_TOO_DEEPLY = 'it is nested too deeply';

/**
 * Checks captures as they arrive, and hides in them what is to be hidden.
 * @param hiding the rules that hold for them
 */
export function accepting(hiding: Hiding): (raw: unknown) => Accepted {
  const reader = new ValueReader(hiding);
  return (raw) => {
    const outline = captureOutline.safeParse(raw);
    if (!outline.success) return { problem: problemOf(raw) };
    try {
      const { result, hidden } = hiding.during(() => complete(outline.data, reader, hiding));
      return { capture: result, hidden };
    } catch (error) {
      if (error === TOO_DEEP) return { problem: NESTED_TOO_DEEPLY };
      if (error !== MALFORMED) throw error;
      return { problem: problemOf(raw) };
    }
  };
}

/** Hides what is to be hidden in captures that were checked already. What it makes throws TOO_DEEP. */
export function hidingIn(
  hiding: Hiding,
): (capture: CaptureView) => { readonly capture: CaptureView; readonly hidden: number } {
  const reader = new ValueReader(hiding);
  return (checked) => {
    const { result, hidden } = hiding.during(() => ({
      ...complete(checked, reader, hiding),
      ...(checked.callers !== undefined && {
        callers: checked.callers.map((caller) => completeLine(caller, reader)),
      }),
    }));
    return { capture: result, hidden };
  };
}

/** The fast walk only finds that something is wrong; what it is, the whole schema says, as far as its stack reaches. */
function problemOf(raw: unknown): string {
  try {
    const { path, message } = firstProblem(captureSchema.safeParse(raw).error!);
    return `${path}: ${message}`;
  } catch (error) {
    if (error instanceof RangeError) return NESTED_TOO_DEEPLY;
    throw error;
  }
}

/** @param outline a capture whose values are unknown */
function complete<Outline extends Capture>(outline: Outline, reader: ValueReader, hiding: Hiding): Outline {
  const { returned, threw, self, locals, outers, watches, lastLine, trail, path } = outline;
  const { message, context, attributes, span, metric } = outline;
  return {
    ...outline,
    ...(message !== undefined && { message: hiding.text(message) }),
    ...(returned !== undefined && { returned: reader.value(returned) }),
    ...(threw !== undefined && { threw: reader.value(threw) }),
    ...(self !== undefined && { self: reader.value(self) }),
    ...(locals !== undefined && { locals: reader.properties(locals) }),
    ...(outers !== undefined && { outers: reader.properties(outers) }),
    ...(watches !== undefined && {
      watches: watches.map(({ value, error, ...watch }) => ({
        ...watch,
        ...(value !== undefined && { value: reader.value(value) }),
        ...(error !== undefined && { error: hiding.text(error) }),
      })),
    }),
    ...(lastLine !== undefined && { lastLine: completeLine(lastLine, reader) }),
    ...(trail !== undefined && {
      trail: trail.map(({ at, ...call }) => ({
        ...call,
        ...(at !== undefined && { at: completeLine(at, reader) }),
      })),
    }),
    ...(path !== undefined && { path: completePath(path, reader) }),
    ...(context !== undefined && { context: hiding.attributes(context) as Record<string, string> }),
    ...(attributes !== undefined && { attributes: hiding.attributes(attributes) }),
    ...(span !== undefined && {
      span: {
        ...span,
        ...(span.error !== undefined && { error: hiding.text(span.error) }),
        attributes: hiding.attributes(span.attributes),
      },
    }),
    ...(metric !== undefined && {
      metric: {
        ...metric,
        series: metric.series.map((series) =>
          series.key === undefined ? series : { ...series, key: hiding.text(series.key) },
        ),
      },
    }),
  };
}

function completeLine<Line extends CapturedLine>(line: Line, reader: ValueReader): Line {
  const { self, locals, outers } = line;
  return {
    ...line,
    ...(self !== undefined && { self: reader.value(self) }),
    locals: reader.properties(locals),
    ...(outers !== undefined && { outers: reader.properties(outers) }),
  };
}

function completePath({ calls, steps, ...path }: CapturedPath, reader: ValueReader): CapturedPath {
  const value = (raw: CapturedValue): CapturedValue => reader.value(raw);
  const changes = (raw: readonly CapturedProperty[]): CapturedProperty[] => reader.properties(raw);
  return {
    ...path,
    calls: calls.map(({ returned, threw, ...call }) => ({
      ...call,
      ...(returned !== undefined && { returned: value(returned) }),
      ...(threw !== undefined && { threw: value(threw) }),
    })),
    steps: steps.map(({ changed, ...step }) => ({
      ...step,
      ...(changed !== undefined && { changed: changes(changed) }),
    })),
  };
}
