/** A copy of everything that is remembered, as it stood at one moment. */
export interface Backup {
  /** Where it is, for as long as it is not removed. */
  readonly file: string;
  readonly bytes: number;
  remove(): Promise<void>;
}
