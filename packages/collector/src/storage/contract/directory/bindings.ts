import type { Binding } from '../../../auth/binding.js';

/** A binding of a user. Tokens have theirs in themselves. */
export interface StoredBinding extends Binding {
  readonly id: string;
  /** The user. */
  readonly user: string;
  /** ms since 1970. */
  readonly createdAt: number;
}

export interface BindingStore {
  /** Those that were made first first. */
  list(): Promise<StoredBinding[]>;
  of(user: string): Promise<StoredBinding[]>;
  /** One with the same id is replaced. */
  save(binding: StoredBinding): Promise<void>;
  /** @returns whether there was one */
  delete(id: string): Promise<boolean>;
}
