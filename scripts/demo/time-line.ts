import type { CapturedValue, CaptureView } from '@dormouse/protocol';
import { renderTable, type Style } from '@dormouse/cli/render';

/** What was captured in one request, over all services, as it happened: a line each. */
export function timeLine(captures: readonly CaptureView[], style: Style): string {
  const ordered = captures.toSorted((a, b) => beginOf(a) - beginOf(b));
  const from = Math.min(...captures.map(beginOf));
  return renderTable(
    ordered,
    [
      { header: 'BEGINS', cell: (capture) => `+${(beginOf(capture) - from).toFixed(1)} ms`, align: 'right' },
      { header: 'SERVICE', cell: ({ service }) => service },
      { header: 'WHERE', cell: whereOf },
      { header: 'WHAT', cell: whatOf },
    ],
    style,
  );
}

/** Spans are captured as they end. */
const beginOf = ({ at, span }: CaptureView): number => span?.startedAt ?? at;

function whereOf({ kind, location: { file, line }, span }: CaptureView): string {
  return `${kind} ${span?.name ?? `${file.replace(/^.*\//, '')}:${line}`}`;
}

function whatOf({ span, watches = [], message = '' }: CaptureView): string {
  if (span === undefined)
    return watches.map(({ source, value }) => `${source}: ${textOf(value)}`).join(', ') || message;
  const asked = Object.entries(span.attributes).filter(([name]) => !/^(code|dormouse)\./.test(name));
  return [`${span.durationMs.toFixed(1)} ms`, ...asked.map(([name, value]) => `${name}: ${value}`)].join(
    ', ',
  );
}

/** Of the plain values that are watched here. */
const textOf = (value: CapturedValue | undefined): string =>
  value !== undefined && 'value' in value ? JSON.stringify(value.value) : (value?.type ?? '');
