import type { CapturedValue, CaptureView, SpanAttributes } from '@dormouse/protocol';

import { formatMs } from './number.js';
import { escapeUnsafe } from './text.js';
import { valueRow, type ValueRow } from './value-row.js';

/** Attributes in the rows of a capture's values. */
export const attributeRows = (attributes: SpanAttributes): ValueRow[] =>
  Object.entries(attributes).map(([name, value]) => valueRow(escapeUnsafe(name), captured(value)));

/** What a span is, without its attributes. */
export function spanRows({ span }: CaptureView): ValueRow[] {
  if (span === undefined) return [];
  const { name, status, error, durationMs, recorder, traceId, spanId, parentSpanId } = span;
  return attributeRows({
    name,
    status,
    ...(error !== undefined && { error }),
    duration: formatMs(durationMs),
    recorder,
    trace: traceId,
    span: spanId,
    ...(parentSpanId !== undefined && { parent: parentSpanId }),
  });
}

/** The request that a capture is of; of a span the rest is in {@link spanRows}. */
export function requestRows({ traceId, spanId, context = {}, span }: CaptureView): ValueRow[] {
  return attributeRows({
    ...context,
    ...(span === undefined && traceId !== undefined && { trace: traceId }),
    ...(span === undefined && spanId !== undefined && { span: spanId }),
  });
}

function captured(value: string | number | boolean): CapturedValue {
  if (typeof value === 'number') return { type: 'number', value };
  return typeof value === 'boolean' ? { type: 'boolean', value } : { type: 'string', value };
}
