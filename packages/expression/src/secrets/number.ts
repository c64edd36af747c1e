import { redaction } from '../redaction/rules.js';
import { isCardNumber } from './card.js';
import { patternSecrets } from './patterns.js';

/** The rule by which a number is a secret. */
export function numberRule(value: number | bigint): string | undefined {
  if (isCardNumber(value)) return 'card';
  const { patterns } = redaction();
  for (let index = 0; index < patterns.length; index++) {
    const pattern = patterns[index]!;
    if (patternSecrets(pattern, `${value}`).length > 0) return pattern.name;
  }
  return undefined;
}
