import type { BuildView, CaptureView, ProbeView } from './api.js';

/**
 * Captures as a file: one JSON value on each line, the header first and the end last. A probe and a build stand before the
 * first capture that is of them. Times are ms since 1970.
 */
export type CaptureFileLine =
  | CaptureFileHeader
  | { readonly probe: ProbeView }
  | { readonly build: ExportedBuild }
  | { readonly capture: CaptureView }
  | { readonly end: { readonly captures: number } };

/** Its media type. */
export const CAPTURE_FILE_TYPE = 'application/x-ndjson';

export const CAPTURE_FILE_FORMAT = 'dormouse-captures';

/** Grows when a reader of the version before would misunderstand what is written. */
export const CAPTURE_FILE_VERSION = 1;

export interface CaptureFileHeader {
  readonly format: typeof CAPTURE_FILE_FORMAT;
  readonly version: typeof CAPTURE_FILE_VERSION;
  readonly exportedAt: number;
  /** Version of the collector that wrote it. */
  readonly collector: string;
}

/** A build by its identity, and in numbers where its manifest was there. */
export type ExportedBuild = Pick<BuildView, 'buildId' | 'service'> & Partial<BuildView>;

/** `GET /imports` → `{ imports: ImportView[] }`, newest first. */
export interface ImportView {
  readonly id: string;
  readonly importedAt: number;
  /** Who did it. */
  readonly by: string;
  readonly exportedAt: number;
  readonly captures: number;
  readonly bytes: number;
  /** Values that were hidden by the rules of here. */
  readonly hidden: number;
}

/** `GET /imports/:id`; the answer to `POST /imports`, whose body is such a file, gzip or not; and to `DELETE /imports/:id`. */
export interface ImportDetails extends ImportView {
  /** As they were when they were exported. */
  readonly probes: readonly ProbeView[];
  readonly builds: readonly ExportedBuild[];
}

export const CAPTURE_FILE_LIMITS = {
  /** Captures of one file. */
  captures: 100_000,
  /** Bytes of one file, unpacked. */
  bytes: 512 * 1_048_576,
  /** Bytes of one line. */
  lineBytes: 4 * 1_048_576,
  /** Probes, and builds, of one file. */
  probes: 1_000,
  /** Bytes of all imports of an environment. */
  importedBytes: 4 * 1_073_741_824,
} as const;
