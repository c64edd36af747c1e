/** The texts of sources that builds have published, by their SHA-256: builds with the same text share it. */
export interface SourceStore {
  /** @param hash hexadecimal */
  save(hash: string, text: string): Promise<void>;
  text(hash: string): Promise<string | undefined>;
  /** Those of some hashes whose texts are here. */
  known(hashes: readonly string[]): Promise<ReadonlySet<string>>;
}
