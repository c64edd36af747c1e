import { intrinsics } from '@dormouse/expression/inspect';
import { charCodeAt, isDigit, isSpace, isTokenCharacter, isUpper, isWord, skip } from './characters.js';
import type { Detector, Secret } from './secret.js';

const startsWith = intrinsics.uncurry(String.prototype.startsWith);
const { slice, toLowerCase } = intrinsics;

/** Tokens that tell what they are by how they begin, and how many characters follow at least. */
const PREFIXES: readonly (readonly [prefix: string, least: number])[] = [
  ['AKIA', 16], // AWS access key ids
  ['ASIA', 16],
  ['AIza', 30], // Google API keys
  ['ya29.', 20], // Google OAuth
  ['ghp_', 20], // GitHub
  ['gho_', 20],
  ['ghu_', 20],
  ['ghs_', 20],
  ['ghr_', 20],
  ['github_pat_', 20],
  ['glpat-', 16], // GitLab
  ['npm_', 30],
  ['xoxa-', 10], // Slack
  ['xoxb-', 10],
  ['xoxp-', 10],
  ['xoxr-', 10],
  ['xoxs-', 10],
  ['sk_live_', 10], // Stripe
  ['sk_test_', 10],
  ['rk_live_', 10],
  ['rk_test_', 10],
  ['whsec_', 16],
  ['sk-', 20], // OpenAI, Anthropic
  ['SG.', 30], // SendGrid
  ['hvs.', 20], // Vault
  ['dop_v1_', 20], // DigitalOcean
];

type Prefix = (typeof PREFIXES)[number];

const byFirstCode: readonly (readonly Prefix[])[] = Array.from({ length: 128 }, (_, code) =>
  PREFIXES.filter(([prefix]) => prefix.charCodeAt(0) === code),
);

/** A token with a telling prefix. */
export const prefixedToken: Detector = (text, at) => {
  const candidates = byFirstCode[charCodeAt(text, at)]!;
  for (let index = 0; index < candidates.length; index++) {
    const candidate = candidates[index]!;
    const prefix = candidate[0];
    if (!startsWith(text, prefix, at)) continue;
    const body = at + prefix.length;
    const end = skip(text, body, isTokenCharacter);
    if (end - body >= candidate[1]) return { rule: 'token', start: at, end };
  }
  return undefined;
};

export const PREFIX_STARTS: ReadonlySet<string> = new Set(PREFIXES.map(([prefix]) => prefix[0]!));

/** A JSON Web Token, whole or cut: `eyJ` is how base64 writes `{"`. */
export const jsonWebToken: Detector = (text, at) => {
  if (!startsWith(text, 'eyJ', at)) return undefined;
  const header = skip(text, at, isBase64Url);
  const isCut = header === text.length;
  if (header - at < 10 || (!isCut && charCodeAt(text, header) !== 0x2e)) return undefined;
  return { rule: 'jwt', start: at, end: skip(text, header, isTokenCharacter) };
};

const isBase64Url = (code: number): boolean => isWord(code) || code === 0x2d;

/** What follows `Bearer` or `Basic`, in any case. */
export const authorization: Detector = (text, at) => {
  const length = schemeLength(toLowerCase(slice(text, at, at + 'bearer'.length)));
  if (length === 0) return undefined;
  const start = skip(text, at + length, isSpace);
  return start > at + length ? tokenFrom(text, start) : undefined;
};

const schemeLength = (word: string): number =>
  word === 'bearer' ? 6 : word === 'basic ' || word === 'basic\t' ? 5 : 0;

/** Shorter, or made of small letters only, it is a word: `basic training`. */
function tokenFrom(text: string, start: number): Secret | undefined {
  const end = skip(text, start, isTokenCharacter);
  const isLong = end - start >= 8;
  return isLong && skip(text, start + 1, isSmall) < end ? { rule: 'token', start, end } : undefined;
}

const isSmall = (code: number): boolean =>
  isTokenCharacter(code) && !isUpper(code) && !isDigit(code) && code !== 0x3d;
