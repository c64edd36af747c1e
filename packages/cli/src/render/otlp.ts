import type { OtlpView } from '@dormouse/protocol';

import type { Style } from './style.js';
import { renderTable } from './table.js';
import { escapeUnsafe } from './text.js';
import { formatDateTime } from './time.js';

/** Where OpenTelemetry goes, and what became of each signal. */
export function renderOtlp(view: OtlpView, style: Style): string {
  if (view.by === 'nobody') return 'Nothing is sent; "dormouse otlp set ENDPOINT" says where to.';
  const table = renderTable(
    view.signals,
    [
      { header: 'SIGNAL', cell: ({ signal }) => signal, paint: style.colors.bold },
      { header: 'SENT', cell: ({ sent }) => String(sent), align: 'right' },
      { header: 'REFUSED', cell: ({ refused }) => String(refused), align: 'right' },
      { header: 'SKIPPED', cell: ({ skipped }) => String(skipped), align: 'right' },
      { header: 'BEHIND', cell: ({ behind }) => String(behind), align: 'right' },
      {
        header: 'STATE',
        cell: ({ failure }) =>
          failure === undefined
            ? 'working'
            : `failing since ${formatDateTime(failure.since)}: ${failure.message}`,
        paint: (text, { failure }) => (failure === undefined ? text : style.colors.yellow(text)),
      },
    ],
    style,
  );
  return `${whereTo(view)}\n${table}`;
}

function whereTo({ by, endpoint = '', headers = [] }: OtlpView): string {
  if (by === 'environment') return 'To where OTEL_EXPORTER_OTLP_… of the collector says';
  const withHeaders = headers.length === 0 ? '' : ` with ${headers.join(', ')}`;
  return escapeUnsafe(`To ${endpoint}${withHeaders}`);
}
