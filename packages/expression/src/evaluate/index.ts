export { compile, type Evaluator, type Frame } from './compile.js';
export { EvaluationError } from './evaluation-error.js';
export { verify, verifyExpression } from './verify.js';
