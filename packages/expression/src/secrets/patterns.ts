import type { NamedPattern } from '../redaction/rules.js';
import type { Pay } from '../pattern/pattern.js';
import type { Secret } from './secret.js';

/** Instructions that one pattern may take on one text: about a millisecond. */
const WORK = 100_000;

/** What a team's own pattern finds in a text. A text that takes it too long is a secret as a whole. */
export function patternSecrets({ name, pattern }: NamedPattern, text: string): readonly Secret[] {
  const secrets: Secret[] = [];
  const pay = payFrom(WORK);
  try {
    if (!pattern.test(text, pay)) return secrets;
    for (let match = pattern.find(text, 0, pay); match !== undefined;) {
      const { start, end } = match;
      if (end > start) secrets[secrets.length] = { rule: name, start, end };
      if (end === text.length) break;
      match = pattern.find(text, end > start ? end : end + 1, pay);
    }
    return secrets;
  } catch {
    return [{ rule: name, start: 0, end: text.length }];
  }
}

function payFrom(work: number): Pay {
  let left = work;
  return (instructions) => {
    left -= instructions;
    if (left < 0) throw EXHAUSTED;
  };
}

const EXHAUSTED = Symbol('exhausted');
