import { createHash } from 'node:crypto';

/** Digits: enough to tell the tokens of one collector apart, and too few to test guesses of a token with. */
const DIGITS = 6;

/** Whom the probes of an AI agent belong to: whoever has the same token, on whatever transport and in whatever session. */
export function ownerOf(token: string): string {
  return `mcp:${createHash('sha256').update(`owner ${token}`).digest('hex').slice(0, DIGITS)}`;
}
