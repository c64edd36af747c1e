/** Why a regular expression is not one that is matched here. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
  /** Of the offending character in the pattern, from 0. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}
