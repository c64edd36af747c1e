/**
 * The only door to the TypeScript API. ts-morph carries the classic JavaScript compiler with it, so
 * parsing does not depend on which TypeScript, if any, the woven project uses.
 */
export { ts } from 'ts-morph';
