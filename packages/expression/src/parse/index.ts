export { checkNames, type NameRules } from './check-names.js';
export { ExpressionError, type ExpressionErrorCode } from './expression-error.js';
export { parseExpression } from './parse-expression.js';
export { parseTemplate } from './parse-template.js';
export { print } from '../language/print.js';
