import type { CaptureView, SpanAttributes } from '@dormouse/protocol';

import { formatLocation } from './capture.js';
import { formatMs } from './number.js';
import type { Style } from './style.js';
import { escapeUnsafe } from './text.js';
import { formatTime } from './time.js';

/** A span on one line: when it began, how it ended, how long it took, what it is called and what it says. */
export function renderSpanLine(capture: CaptureView, { colors }: Style): string {
  const { span, service, instance } = capture;
  if (span === undefined) return '';
  const paint = span.status === 'error' ? colors.red : colors.green;
  return [
    colors.dim(formatTime(span.startedAt)),
    paint(span.status.padEnd(5)),
    formatMs(span.durationMs).padStart(9),
    colors.dim(escapeUnsafe(`${service}/${instance.slice(0, 6)}`)),
    colors.bold(escapeUnsafe(span.name)),
    ...asked(span.attributes),
    ...(span.error === undefined ? [] : [colors.red(escapeUnsafe(span.error))]),
    colors.dim(`trace ${escapeUnsafe(span.traceId)}`),
  ].join(' ');
}

/** What a tag set on a span, on one line. */
export function renderTagLine(capture: CaptureView, { colors }: Style): string {
  const { at, service, instance, location, attributes = {}, traceId } = capture;
  return [
    colors.dim(formatTime(at)),
    colors.dim(escapeUnsafe(`${service}/${instance.slice(0, 6)}`)),
    colors.dim(formatLocation(location)),
    ...asked(attributes),
    ...(traceId === undefined ? [] : [colors.dim(`trace ${escapeUnsafe(traceId)}`)]),
  ].join(' ');
}

/** What the probe asked for; where the code is its place says already. */
const asked = (attributes: SpanAttributes): string[] =>
  Object.entries(attributes)
    .filter(([name]) => !name.startsWith('code.') && name !== 'dormouse.probe')
    .map(([name, value]) => escapeUnsafe(`${name}=${value}`));
