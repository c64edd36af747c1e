export {
  BUILT_IN,
  compileRedaction,
  isRedactedName,
  type NamedPattern,
  type Redaction,
  redaction,
  useRedaction,
} from './rules.js';
export { joinRedactionRules } from './join-rules.js';
export { readsRedacted } from './reads.js';
export { checkRedactionRules, RedactionRulesError } from './check-rules.js';
export type { Pay } from '../pattern/pattern.js';
