/** Why an expression has no value here and now, or why its tree was refused. */
export class EvaluationError extends Error {
  override readonly name: string = 'EvaluationError';
}

/** A value that only code other than the expression could tell: a getter's, or a proxy's. */
export class UnreadableError extends EvaluationError {
  /** What was asked: the proxy itself, or an object with a proxy among its prototypes, or with that getter. */
  readonly holder: object;
  readonly key: PropertyKey | undefined;

  constructor(message: string, holder: object, key?: PropertyKey) {
    super(message);
    this.holder = holder;
    this.key = key;
  }
}

/** Fails the evaluation of a part of an expression, naming it. */
export function fail(part: string, why: string): never {
  throw new EvaluationError(`\`${part}\`: ${why}`);
}

/** The same because something cannot be read, see {@link UnreadableError}. */
export function failUnreadable(part: string, why: string, holder: object, key?: PropertyKey): never {
  throw new UnreadableError(`\`${part}\`: ${why}`, holder, key);
}
