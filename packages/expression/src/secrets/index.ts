/** Secrets in texts and numbers, by the rules that `@dormouse/expression/redaction` has in force. */
export { redactText, wholeSecret } from './text.js';
export { numberRule } from './number.js';
