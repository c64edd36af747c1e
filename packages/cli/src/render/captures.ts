import type { CapturedValue, CaptureView } from '@dormouse/protocol';

import { formatLocation } from './capture.js';
import { windowGist } from './metrics.js';
import { pathGist } from './path.js';
import type { Style } from './style.js';
import { renderTable } from './table.js';
import { formatDateTime } from './time.js';
import { valueRow } from './value-row.js';

/** One line for each capture. */
export function renderCaptures(captures: readonly CaptureView[], style: Style): string {
  const { colors } = style;
  return renderTable(
    captures,
    [
      { header: 'ID', cell: ({ id }) => id, paint: colors.bold },
      { header: 'TIME', cell: ({ at }) => formatDateTime(at), paint: colors.dim },
      { header: 'PROBE', cell: ({ probe }) => probe },
      { header: 'SERVICE', cell: ({ service }) => service },
      { header: 'LOCATION', cell: ({ location }) => formatLocation(location), cut: 'start' },
      { header: 'EVIDENCE', cell: gist, cut: 'end' },
    ],
    style,
  );
}

/** A log's text, a span's end, a tag's attributes, a metric's hits; of a snapshot its watches, or else its variables. */
function gist(capture: CaptureView): string {
  const { message, watches = [], locals = [], span, attributes, metric, path, returned, threw } = capture;
  if (message !== undefined) return message;
  if (metric !== undefined) return windowGist(metric);
  if (span !== undefined) return `${span.name} ${span.status} ${span.durationMs.toFixed(1)} ms`;
  if (attributes !== undefined)
    return Object.entries(attributes)
      .map(([name, value]) => `${name}=${value}`)
      .join(', ');
  const named =
    watches.length > 0
      ? watches.map(({ source, value, error = '' }) => `${source}: ${value ? brief(value) : error}`)
      : locals.map(({ key, value }) => `${key}: ${brief(value)}`);
  const ended = [
    ...(returned === undefined ? [] : [`returned ${brief(returned)}`]),
    ...(threw === undefined ? [] : [`threw ${brief(threw)}`]),
    ...(path === undefined ? [] : [pathGist(path)]),
  ];
  return [...ended, ...named].join(', ');
}

function brief(value: CapturedValue): string {
  const { text, type } = valueRow('', value);
  return text || type;
}
