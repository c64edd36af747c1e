import type { CapturedProperty, CaptureView } from '@dormouse/protocol';
import { z } from 'zod';
import { SHOWN } from '../limits.js';
import { describe, cut } from '../../captures/describe.js';
import { detail, detailOf } from './detail.js';
import { stepsOf } from './path-steps.js';
import { placeOf } from './probe-state.js';
import { rootsOf, valueAt } from '../../captures/value-path.js';

const texts = z.record(z.string(), z.string());

/** A capture in short: what there is, each value on a line. */
export const shape = z.object({
  capture: z.string().meta({ description: 'Its id.' }),
  at: z.string().meta({ description: 'ISO 8601, by the clock of the process.' }),
  instance: z.string().meta({ description: 'The process.' }),
  buildId: z.string().optional(),
  place: z.string(),
  event: z.string().optional(),
  message: z.string().meta({ description: 'Logs: the line.' }).optional(),
  variables: texts
    .meta({
      description: 'Each in short; the first segment of a value path is one of these names.',
    })
    .optional(),
  watches: texts.optional(),
  durationMs: z.number().optional(),
  stack: z
    .array(z.string())
    .meta({ description: `The innermost ${SHOWN.frames} frames.` })
    .optional(),
  steps: z.array(z.string()).meta({ description: 'Paths: the statements that ran, in order.' }).optional(),
  lastLine: texts.meta({ description: 'Where a call that ended had come to.' }).optional(),
  callers: z.array(z.object({ place: z.string(), variables: texts })).optional(),
  traceId: z.string().optional(),
  context: texts.meta({ description: 'Attributes of the request.' }).optional(),
  attributes: texts.meta({ description: 'Of a span or tag.' }).optional(),
  values: z.record(z.string(), detail).meta({ description: 'What the paths lead to.' }).optional(),
});

export type Shape = z.output<typeof shape>;

/** @param paths to the values that are wanted besides */
export function shapeOf(capture: CaptureView, paths: readonly string[] = []): Shape {
  const { watches = [], stack = [], callers = [], lastLine, span } = capture;
  const roots = rootsOf(capture);
  const attributes = span?.attributes ?? capture.attributes;
  return {
    capture: capture.id,
    at: new Date(capture.at).toISOString(),
    instance: capture.instance,
    ...(capture.buildId !== undefined && { buildId: capture.buildId }),
    place: placeOf(capture),
    ...(capture.on !== undefined && { event: capture.on }),
    ...(capture.message !== undefined && { message: cut(capture.message, SHOWN.valueLength) }),
    ...(roots.length > 0 && { variables: describeAll(roots) }),
    ...(watches.length > 0 && {
      watches: Object.fromEntries(
        watches.map(({ source, value, error }) => [
          source,
          value === undefined ? `[no value: ${error}]` : describe(value, SHOWN.valueLength),
        ]),
      ),
    }),
    ...(capture.durationMs !== undefined && { durationMs: capture.durationMs }),
    ...(stack.length > 0 && { stack: stack.slice(0, SHOWN.frames).map(placeOfFrame) }),
    ...(capture.path !== undefined && { steps: stepsOf(capture.path) }),
    ...(lastLine !== undefined && {
      lastLine: { line: String(lastLine.line), ...describeAll(lastLine.locals) },
    }),
    ...(callers.length > 0 && {
      callers: callers.map(({ frame, locals }) => ({
        place: placeOfFrame(stack[frame]!),
        variables: describeAll(locals),
      })),
    }),
    ...(capture.traceId !== undefined && { traceId: capture.traceId }),
    ...(capture.context !== undefined && { context: { ...capture.context } }),
    ...(attributes !== undefined && {
      attributes: Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [name, String(value)]),
      ),
    }),
    ...(paths.length > 0 && {
      values: Object.fromEntries(paths.map((path) => [path, detailOf(valueAt(capture, path))])),
    }),
  };
}

const placeOfFrame = (frame: { file: string; line: number; function: string }): string =>
  `${frame.file}:${frame.line} in ${frame.function}`;

function describeAll(properties: readonly CapturedProperty[]): Record<string, string> {
  const shown = properties.slice(0, SHOWN.variables);
  const more = properties.length - shown.length;
  return {
    ...Object.fromEntries(shown.map(({ key, value }) => [key, describe(value)])),
    ...(more > 0 && { '…': `${more} more variables` }),
  };
}
