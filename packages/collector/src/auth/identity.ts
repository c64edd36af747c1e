import type { Binding } from './binding.js';

/** Whom a right belongs to. */
export interface Subject {
  readonly kind: 'token' | 'user';
  /** Stays the same for as long as the subject exists; tells nothing that is secret. */
  readonly id: string;
}

/** Who asks, whatever the request is about. */
export interface Identity extends Subject {
  /** As people know it. */
  readonly name: string;
  /** Where the request came from. */
  readonly address: string;
  readonly bindings: readonly Binding[];
  /** The session that proved it, if it was one. */
  readonly session?: string;
  /** Whoever a token belongs to: what that one may not do, the token may not. */
  readonly owner?: { readonly id: string; readonly bindings: readonly Binding[] };
}
