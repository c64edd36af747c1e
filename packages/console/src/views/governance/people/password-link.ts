import type { LinkView } from '@dormouse/protocol';

/** A link with which somebody sets a password; it works once. */
export interface PasswordLink {
  /** Whose. */
  readonly name: string;
  readonly address: string;
  readonly endsAt: number;
}

export const passwordLink = (name: string, { path, url, endsAt }: LinkView): PasswordLink => ({
  name,
  address: url ?? new URL(path, location.origin).href,
  endsAt,
});
