import { diag, DiagLogLevel } from '@opentelemetry/api';

/** What became of a batch at the receiver. */
export interface Sent {
  readonly accepted: number;
  readonly refused: number;
  /** In the receiver's words, where it has refused something. */
  readonly reason?: string;
}

/** The part of every exporter that is used here. */
export interface Exporter<Items> {
  export(items: Items, done: (result: { readonly code: number; readonly error?: Error }) => void): void;
  shutdown(): Promise<void>;
}

/** HTTP statuses that say of this batch, and not of the connection, that it will never be taken. */
const FINAL: ReadonlySet<number> = new Set([400, 413, 415, 422]);

/**
 * Hands a batch to the receiver. The exporter tries again by itself for as long as its timeout allows.
 * @throws what has kept it from being sent, to be tried again later
 */
export function send<Items>(exporter: Exporter<Items>, items: Items, count: number): Promise<Sent> {
  return new Promise((resolve, reject) => {
    exporter.export(items, ({ code, error }) => {
      const { refused: told, reason } = partialSuccess.take();
      if (code === 0) {
        // Whatever it says, it can have refused nothing but what it was sent.
        const refused = Math.min(count, Math.max(0, told || 0));
        return resolve({ accepted: count - refused, refused, ...(reason !== undefined && { reason }) });
      }
      const { code: status, message } = error as Error & { code?: unknown };
      if (typeof status === 'number' && FINAL.has(status)) {
        return resolve({ accepted: 0, refused: count, reason: `${status} ${message}` });
      }
      reject(typeof status === 'number' ? new Error(`The receiver answered ${status} ${message}.`) : error!);
    });
  });
}

/**
 * Exporters tell of what a receiver has refused only in their log: by one call, right before they say that all went
 * well. It is kept from the one to the other; nothing happens in between. The log belongs to the process, as does this.
 */
const partialSuccess = {
  refused: 0,
  reason: undefined as string | undefined,

  take(): { readonly refused: number; readonly reason: string | undefined } {
    const { refused, reason } = this;
    this.refused = 0;
    this.reason = undefined;
    return { refused, reason };
  },
};

const PARTIAL_SUCCESS = 'Received Partial Success response:';

/** Has to be done before anything is sent; doing it again changes nothing. */
export function hearPartialSuccess(): void {
  const silent = (): void => {};
  diag.setLogger(
    {
      verbose: silent,
      debug: silent,
      info: silent,
      error: silent,
      warn(message, json) {
        if (message !== PARTIAL_SUCCESS || typeof json !== 'string') return;
        const answer = JSON.parse(json) as Readonly<Record<string, unknown>>;
        partialSuccess.refused = refusedOf(answer);
        partialSuccess.reason = String(answer['errorMessage'] ?? '');
      },
    },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
}

/** `rejectedSpans`, `rejectedLogRecords` or `rejectedDataPoints`. */
const refusedOf = (answer: Readonly<Record<string, unknown>>): number =>
  Object.entries(answer)
    .filter(([name]) => name.startsWith('rejected'))
    .reduce((sum, [, count]) => sum + Number(count), 0);
