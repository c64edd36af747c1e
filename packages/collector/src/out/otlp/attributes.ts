import type { CaptureView, StackFrame } from '@dormouse/protocol';
import type { Attributes } from '@opentelemetry/api';

/** Where it was, by the stable `code.*` attributes, and which probe it was. */
export function attributesOf({ probe, kind, location, function: fn }: CaptureView): Attributes {
  return {
    'code.file.path': location.file,
    'code.line.number': location.line,
    'code.column.number': location.column,
    'code.function.name': fn,
    'dormouse.probe.id': probe,
    'dormouse.probe.kind': kind,
  };
}

/** What belongs to one hit, besides. */
export function attributesOfHit(capture: CaptureView): Attributes {
  const { id, hit, on, durationMs, stack, context = {} } = capture;
  return {
    ...attributesOf(capture),
    'dormouse.capture.id': id,
    'dormouse.hit': hit,
    ...(on !== undefined && { 'dormouse.event': on }),
    ...(durationMs !== undefined && { 'dormouse.duration': durationMs / 1_000 }),
    ...(stack !== undefined && { 'code.stacktrace': stack.map(writeFrame).join('\n') }),
    ...Object.fromEntries(
      Object.entries(context).map(([name, value]) => [`dormouse.context.${name}`, value]),
    ),
  };
}

/** As V8 writes it. */
const writeFrame = ({ function: fn, file, line, column, async }: StackFrame): string =>
  `    at ${async ? 'async ' : ''}${fn === '' ? '<anonymous>' : fn} (${file}:${line}:${column})`;
