import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * Tokens look like `dma_<43 digits><6 digits>`: the kind, 256 random bits, and a checksum, so that secret
 * scanners recognise them and a token that was cut or mistyped is told from a wrong one. Digits are base 62.
 */

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const SECRET_BYTES = 32;
const SECRET_DIGITS = 43;
const CHECKSUM_DIGITS = 6;
const OURS = new RegExp(`^dm[ag]_[${DIGITS}]*$`);

/** `api`: for people and their programs; `agent`: for services. */
export type TokenKind = 'api' | 'agent';

const PREFIXES: Readonly<Record<TokenKind, string>> = { api: 'dma_', agent: 'dmg_' };

export function mintToken(kind: TokenKind): string {
  const secret = base62(BigInt(`0x${randomBytes(SECRET_BYTES).toString('hex')}`), SECRET_DIGITS);
  const unchecked = PREFIXES[kind] + secret;
  return unchecked + checksum(unchecked);
}

/** Whether it looks like one of our tokens, but is not whole. Tokens chosen by people are none of ours. */
export function isDamaged(token: string): boolean {
  if (!OURS.test(token)) return false;
  const unchecked = token.slice(0, -CHECKSUM_DIGITS);
  return token.length !== 4 + SECRET_DIGITS + CHECKSUM_DIGITS || !token.endsWith(checksum(unchecked));
}

/** What is stored instead of the token: SHA-256. 256 random bits need no slow hash. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function checksum(unchecked: string): string {
  return base62(BigInt(crc32(unchecked)), CHECKSUM_DIGITS);
}

function base62(value: bigint, length: number): string {
  let digits = '';
  for (let rest = value; digits.length < length; rest /= 62n) digits = DIGITS[Number(rest % 62n)] + digits;
  return digits;
}
