/** A stretch of a text that must not be shown. */
export interface Secret {
  readonly rule: Rule;
  readonly start: number;
  readonly end: number;
}

export type Rule =
  | 'binary'
  | 'card'
  | 'credentials'
  | 'email'
  | 'environment'
  | 'jwt'
  | 'name'
  | 'privateKey'
  | 'token';

/**
 * Looks for a secret at a character that may be part of one: the first of a word or a number, or a mark. Looks back no farther than `from`, and only a
 * bounded way in either direction unless it finds something: so redaction takes linear time on any text.
 * Written over character codes: a regular expression run in a hit would change the program's `RegExp.$1`.
 */
export type Detector = (text: string, at: number, from: number) => Secret | undefined;
