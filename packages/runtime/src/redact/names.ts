/** The expression language refuses to read the very names that captures do not show. */
export { isRedactedName } from '@dormouse/expression/redaction';
