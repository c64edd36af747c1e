/** What the collector sends on to others: the bodies of `/otlp` and `/webhooks`. Times are ms since 1970. */

/** The parts of OpenTelemetry that evidence is sent as. */
export type OtlpSignal = 'logs' | 'traces' | 'metrics';

export const OTLP_SIGNALS: readonly OtlpSignal[] = ['logs', 'traces', 'metrics'];

/** `PUT /otlp` */
export interface OtlpRequest {
  /** `/v1/logs` and the others are added to it. */
  readonly endpoint: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: `gzip`. */
  readonly compression?: 'none' | 'gzip';
  /** Default: all. */
  readonly signals?: readonly OtlpSignal[];
}

/** `GET /otlp` */
export interface OtlpView {
  /** `environment`: the variables OTEL_EXPORTER_OTLP_… of the collector's process say where it goes. */
  readonly by: 'environment' | 'settings' | 'nobody';
  readonly endpoint?: string;
  /** The names of its headers. */
  readonly headers?: readonly string[];
  readonly compression?: 'none' | 'gzip';
  readonly signals: readonly OtlpSignalView[];
}

/** What became of one signal. */
export interface OtlpSignalView {
  readonly signal: OtlpSignal;
  /** Log records, spans or data points that the receiver took. */
  readonly sent: number;
  /** What it refused for good. */
  readonly refused: number;
  /** Events that waited for too long, at most so many. */
  readonly skipped: number;
  /** Events that are still to be looked at, at most so many. */
  readonly behind: number;
  /** Since when, and why, nothing goes out. */
  readonly failure?: { readonly since: number; readonly at: number; readonly message: string };
}

/** What webhooks tell of. */
export type WebhookEvent = 'probe.hit' | 'probe.verdict' | 'probe.paused' | 'probe.ended';

export const WEBHOOK_EVENTS: readonly WebhookEvent[] = [
  'probe.hit',
  'probe.verdict',
  'probe.paused',
  'probe.ended',
];

/** `POST /webhooks` → 201 and a {@link CreatedWebhook} */
export interface WebhookRequest {
  readonly url: string;
  /** Default: all. */
  readonly events?: readonly WebhookEvent[];
  readonly service?: string;
  readonly probe?: string;
  /** Captured values are sent too. Default: no. */
  readonly values?: boolean;
}

/** `GET /webhooks` → `{ webhooks: WebhookView[] }`; `DELETE /webhooks/:id` → the view as it was. */
export interface WebhookView {
  readonly id: string;
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  readonly service?: string;
  readonly probe?: string;
  readonly values: boolean;
  readonly createdAt: number;
  /** Since when nothing has come through. */
  readonly failingSince?: number;
  /** Nothing is sent any more, until a test comes through. */
  readonly disabled?: { readonly at: number; readonly reason: string };
  /** Events for which there was no room. */
  readonly dropped: number;
}

export interface CreatedWebhook extends WebhookView {
  /** What messages are signed with, by Standard Webhooks. It is not shown again. */
  readonly secret: string;
}

/** `GET /webhooks/:id/deliveries` → `{ deliveries: WebhookDelivery[] }`, newest first. */
export interface WebhookDelivery {
  /** The header `webhook-id`; the same at every attempt. */
  readonly event: string;
  readonly type: WebhookEvent | 'webhook.test';
  readonly createdAt: number;
  readonly attempts: number;
  readonly state: 'waiting' | 'delivered' | 'failed';
  /** While it waits: when it is sent next. */
  readonly dueAt?: number;
  /** What came of the last attempt. */
  readonly outcome?: string;
}

/** `POST /webhooks/:id/test` */
export interface WebhookTest {
  readonly succeeded: boolean;
  readonly outcome: string;
}
