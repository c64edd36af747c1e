import type { Subject } from '../identity.js';

/** What belongs to the code in a link that signs in. */
export interface LinkCode {
  readonly subject: Subject;
}

/** The path and query of such a link. */
export const linkTo = (code: string): string => `/auth/link?code=${encodeURIComponent(code)}`;
