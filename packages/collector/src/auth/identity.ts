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
  /** Of a token for an AI agent. */
  readonly isForAi?: true;
  /** The session that proved it, if it was one. */
  readonly session?: string;
  /** Whoever a token belongs to: what that one may not do, the token may not. */
  readonly owner?: { readonly id: string; readonly bindings: readonly Binding[] };
}

/** Whoever asks, and the user whose token it is, if it is somebody's. */
export const selvesOf = ({ kind, id, owner }: Identity): readonly Subject[] => [
  { kind, id },
  ...(owner === undefined ? [] : [{ kind: 'user', id: owner.id } as const]),
];

/** The user who asks, with a session or a token of their own. */
export const userOf = (identity: Identity): string | undefined =>
  selvesOf(identity).find(({ kind }) => kind === 'user')?.id;
