export { compile, type Evaluator, type Frame } from './compile.js';
export { EvaluationError, UnreadableError } from './evaluation-error.js';
export { verify, verifyExpression } from './verify.js';
