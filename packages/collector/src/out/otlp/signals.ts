import type { CaptureView, OtlpSignal } from '@dormouse/protocol';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { logRecord } from './log-record.js';
import { pointsOf, resourceMetrics } from './metric-data.js';
import { send, type Exporter, type Sent } from './send.js';
import { readableSpan } from './span.js';

/** What an exporter is told; without anything, the standard variables tell it. */
export type ExporterOptions = NonNullable<ConstructorParameters<typeof OTLPLogExporter>[0]>;

type ResourceOf = (capture: CaptureView) => Resource;

/** A connection to a receiver, for one signal. */
export interface Sender {
  /** Captures that go out together. */
  readonly together: (capture: CaptureView) => string;
  /** Those that are not of this signal are passed over. */
  send(captures: readonly CaptureView[], resourceOf: ResourceOf): Promise<Sent>;
  close(): Promise<void>;
}

const NOTHING: Sent = { accepted: 0, refused: 0 };

/** How each signal is made of captures, and sent. */
export const SENDERS: Readonly<
  Record<OtlpSignal, (options: ExporterOptions, publicUrl: string | undefined) => Sender>
> = {
  logs: (options, publicUrl) =>
    recordSender<ReadableLogRecord>(new OTLPLogExporter(options), (capture, resource) =>
      logRecord(capture, resource, publicUrl),
    ),
  traces: (options) => recordSender<ReadableSpan>(new OTLPTraceExporter(options), readableSpan),
  metrics: (options) => metricSender(new OTLPMetricExporter(options)),
};

/** Signals of which one capture is one record. */
function recordSender<Item>(
  exporter: Exporter<Item[]>,
  make: (capture: CaptureView, resource: Resource) => Item | undefined,
): Sender {
  return {
    together: () => '',
    async send(captures, resourceOf) {
      const items = captures.flatMap((capture) => make(capture, resourceOf(capture)) ?? []);
      return items.length === 0 ? NOTHING : send(exporter, items, items.length);
    },
    close: () => exporter.shutdown(),
  };
}

/** The exporter takes the metrics of one resource at once. */
function metricSender(exporter: Exporter<ResourceMetrics>): Sender {
  return {
    together: ({ instance }) => instance,
    async send(captures, resourceOf) {
      const metrics = resourceMetrics(captures, resourceOf(captures[0]!));
      const points = pointsOf(metrics);
      return points === 0 ? NOTHING : send(exporter, metrics, points);
    },
    close: () => exporter.shutdown(),
  };
}
