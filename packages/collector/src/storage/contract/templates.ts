import type { TemplateView } from '@dormouse/protocol';

/** One version of a template. */
export type StoredTemplate = Omit<TemplateView, 'service'>;

export interface TemplateStore {
  /**
   * Stores the version after the latest one.
   * @param after the version that is the latest; 0 for none
   * @returns nothing where another one is the latest
   */
  save(template: Omit<StoredTemplate, 'version'>, after: number): Promise<StoredTemplate | undefined>;
  /** Without a version the latest. */
  find(name: string, version?: number): Promise<StoredTemplate | undefined>;
  /** The latest of each, by name. */
  list(): Promise<StoredTemplate[]>;
  /** Deletes all versions. */
  delete(name: string): Promise<void>;
}
