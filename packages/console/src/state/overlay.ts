/** What is shown upon the code besides probes: a place that was followed to, or a replayed call. */
export interface Overlay {
  readonly file: string;
  readonly line: number;
  /** Lines that the replayed call has run so far. */
  readonly trodden: readonly number[];
  /** By line: values as they were there. */
  readonly notes: ReadonlyMap<number, string>;
}

export const pointTo = (file: string, line: number): Overlay => ({
  file,
  line,
  trodden: [],
  notes: new Map(),
});
