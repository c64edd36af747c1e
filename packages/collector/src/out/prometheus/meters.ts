import type { ProbeReport } from '@dormouse/protocol';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Bounds of times, s: from what a cached read takes to what a client waits for. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What a collector counts and measures of itself, over all its environments. Names end as Prometheus wants: unit, `_total`. */
export class Meters {
  readonly registry = new Registry();
  readonly #common = { registers: [this.registry] };

  readonly agents = new Gauge({
    ...this.#common,
    name: 'dormouse_agents',
    help: 'Processes: connected to this collector, those of them that rest because they took too much, and those connected to others.',
    labelNames: ['state'] as const,
  });
  readonly agentBytes = new Counter({
    ...this.#common,
    name: 'dormouse_agent_received_bytes_total',
    help: 'Bytes of the messages of processes.',
  });
  readonly agentMessages = new Gauge({
    ...this.#common,
    name: 'dormouse_agent_messages_waiting',
    help: 'Messages of processes that wait to be handled, or are.',
  });
  readonly captures = new Counter({
    ...this.#common,
    name: 'dormouse_captures_total',
    help: 'Captures that processes have sent: received, refused because they are none, surplus of hits that processes share, stored, or sent again.',
    labelNames: ['outcome'] as const,
  });
  readonly dropped = new Counter({
    ...this.#common,
    name: 'dormouse_captures_dropped_total',
    help: 'Captures that processes have made and lost, as they told, by reason.',
    labelNames: ['reason'] as const,
  });
  readonly streams = new Gauge({
    ...this.#common,
    name: 'dormouse_streams',
    help: 'Live streams that are open.',
  });
  readonly sent = new Counter({
    ...this.#common,
    name: 'dormouse_out_total',
    help: 'What was sent on: log records, spans, data points, messages of webhooks queued; taken, refused, or skipped.',
    labelNames: ['outlet', 'outcome'] as const,
  });
  readonly failures = new Counter({
    ...this.#common,
    name: 'dormouse_out_failures_total',
    help: 'Attempts to send something on that failed and are made again.',
    labelNames: ['outlet'] as const,
  });
  readonly webhooks = new Counter({
    ...this.#common,
    name: 'dormouse_webhook_attempts_total',
    help: 'Messages posted to webhooks: delivered, or failed and tried again, or given up.',
    labelNames: ['outcome'] as const,
  });
  readonly requests = new Histogram({
    ...this.#common,
    name: 'dormouse_http_request_duration_seconds',
    help: 'Time from a request to the end of its answer.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: SECONDS,
  });
  readonly storage = new Histogram({
    ...this.#common,
    name: 'dormouse_storage_duration_seconds',
    help: 'Time of what was asked of the storage, its waiting included.',
    labelNames: ['operation', 'outcome'] as const,
    buckets: SECONDS,
  });

  constructor() {
    for (const outcome of ['received', 'refused', 'surplus', 'stored']) this.captures.inc({ outcome }, 0);
  }

  /**
   * What a process has dropped since its report before. Its first one only says where it begins: a process that
   * connects again has told of its losses already.
   */
  hearReports(before: readonly ProbeReport[], now: readonly ProbeReport[]): void {
    for (const report of now) {
      const known = before.find(({ id }) => id === report.id)?.dropped;
      if (known === undefined) continue;
      for (const [reason, count] of Object.entries(report.dropped)) {
        const more = count - ((known as Record<string, number>)[reason] ?? 0);
        if (more > 0) this.dropped.inc({ reason }, more);
      }
    }
  }
}
