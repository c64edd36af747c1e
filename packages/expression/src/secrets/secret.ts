/** A stretch of a text that must not be shown. */
export interface Secret {
  /** One of {@link Rule}, or the name of a team's own pattern. */
  readonly rule: string;
  readonly start: number;
  readonly end: number;
}

/** The built-in rules, by which evidence says why something is not shown. */
export type Rule =
  | 'binary'
  | 'card'
  | 'credentials'
  | 'email'
  | 'environment'
  | 'iban'
  | 'jwt'
  | 'name'
  | 'phone'
  | 'privateKey'
  | 'ssn'
  | 'token';

/** What a built-in detector found. */
export interface Found extends Secret {
  readonly rule: Rule;
}

/**
 * Looks for a secret at a character that may be part of one: the first of a word or a number, or a mark. Looks back
 * no farther than `from`, and only a bounded way in either direction unless it finds something: so redaction takes
 * linear time on any text. Written over character codes: a regular expression run in a hit would change the
 * program's `RegExp.$1`.
 */
export type Detector = (text: string, at: number, from: number) => Found | undefined;
