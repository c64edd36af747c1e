/** Why an expression has no value here and now, or why its tree was refused. */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';
}

/** Fails the evaluation of a part of an expression, naming it. */
export function fail(part: string, why: string): never {
  throw new EvaluationError(`\`${part}\`: ${why}`);
}
