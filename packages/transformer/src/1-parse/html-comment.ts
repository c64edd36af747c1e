import { lexemes } from './lexemes.js';
import type { Literal } from './literals.js';

/**
 * Whether a script has comments of the form `<!-- …` or `--> …`. Engines still honour them outside
 * modules; TypeScript's parser reads them as operators.
 */
export function htmlComment(code: string, literals: readonly Literal[]): boolean {
  if (!code.includes('<!--') && !code.includes('-->')) return false;
  let lineIsBlank = true;
  for (const { kind, start, end } of lexemes(code, literals)) {
    if (kind === 'token' && code.startsWith('<!--', start)) return true;
    if (kind === 'token' && lineIsBlank && code.startsWith('-->', start)) return true;
    if (kind !== 'space' && kind !== 'comment') lineIsBlank = false;
    else if (/[\n\r\u2028\u2029]/.test(code.slice(start, end))) lineIsBlank = true;
  }
  return false;
}
