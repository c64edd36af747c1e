import type { OtlpSettings } from '../../out/otlp/settings.js';

/** How far something that sends evidence on has come, and what became of it. */
export interface Outlet {
  /** Of the last event that was dealt with: what comes later is still to be sent. */
  readonly cursor: number;
  /** Accepted at the other end. */
  readonly sent: number;
  /** Refused there for good. */
  readonly refused: number;
  /** Not sent, because too much was waiting. */
  readonly skipped: number;
  /** Since when, and why, nothing goes out. */
  readonly failure?: OutletFailure;
}

export interface OutletFailure {
  /** ms since 1970: of the first and of the last attempt in a row that failed. */
  readonly since: number;
  readonly at: number;
  readonly message: string;
}

/** What sends evidence on to others. */
export interface OutletStore {
  find(name: string): Promise<Outlet | undefined>;
  /** Keeps it, unless another collector has come further meanwhile. */
  save(name: string, outlet: Outlet): Promise<void>;
  /** Where OpenTelemetry goes, if somebody has said so. */
  otlp(): Promise<OtlpSettings | undefined>;
  /** Without settings, nowhere; what had been sent is forgotten. */
  saveOtlp(settings: OtlpSettings | undefined): Promise<void>;
}
