import { slice, toLowerCase, uncurry } from '../inspect/language.js';
import { charCodeAt, isDigit, isSpace, isTokenCharacter, isUpper, isWord, skip } from './characters.js';
import type { Detector, Found } from './secret.js';

const startsWith = uncurry(String.prototype.startsWith);

/** Tokens that tell what they are by how they begin, and how many characters follow at least. */
const PREFIXES: readonly (readonly [prefix: string, least: number])[] = [
  ['AKIA', 16], // AWS access key ids
  ['ASIA', 16],
  ['AIza', 30], // Google API keys
  ['ya29.', 20], // Google OAuth
  ['GOCSPX-', 20],
  ['ghp_', 20], // GitHub
  ['gho_', 20],
  ['ghu_', 20],
  ['ghs_', 20],
  ['ghr_', 20],
  ['github_pat_', 20],
  ['glpat-', 16], // GitLab
  ['gldt-', 16],
  ['glrt-', 16],
  ['npm_', 30],
  ['pypi-', 50],
  ['dckr_pat_', 20], // Docker
  ['xoxa-', 10], // Slack
  ['xoxb-', 10],
  ['xoxe.', 10],
  ['xoxe-', 10],
  ['xoxp-', 10],
  ['xoxr-', 10],
  ['xoxs-', 10],
  ['xapp-', 10],
  ['hooks.slack.com/services/', 20],
  ['sk_live_', 10], // Stripe
  ['sk_test_', 10],
  ['rk_live_', 10],
  ['rk_test_', 10],
  ['whsec_', 16],
  ['sq0atp-', 20], // Square
  ['sq0csp-', 20],
  ['shpat_', 20], // Shopify
  ['shpca_', 20],
  ['shppa_', 20],
  ['shpss_', 20],
  ['sk-', 20], // OpenAI, Anthropic
  ['hf_', 30], // Hugging Face
  ['SG.', 30], // SendGrid
  ['hvs.', 20], // Vault
  ['hvb.', 20],
  ['dop_v1_', 20], // DigitalOcean
  ['doo_v1_', 20],
  ['dor_v1_', 20],
  ['dapi', 32], // Databricks
  ['glsa_', 20], // Grafana
  ['lin_api_', 20], // Linear
  ['ntn_', 30], // Notion
  ['sbp_', 30], // Supabase
  ['pscale_tkn_', 20], // PlanetScale
  ['pscale_pw_', 20],
  ['NRAK-', 20], // New Relic
  ['PMAK-', 20], // Postman
  ['ATATT3', 30], // Atlassian
  ['AGE-SECRET-KEY-1', 40],
];

type Prefix = (typeof PREFIXES)[number];

/** By their first two characters, which tell nearly every other word apart. */
const byStart: readonly (readonly (readonly Prefix[] | undefined)[])[] = tableByStart();

function tableByStart(): (Prefix[] | undefined)[][] {
  const table = Array.from({ length: 128 }, () => Array.from<Prefix[] | undefined>({ length: 128 }));
  for (const prefix of PREFIXES) {
    const [first, second] = [prefix[0].charCodeAt(0), prefix[0].charCodeAt(1)];
    (table[first]![second] ??= []).push(prefix);
  }
  return table;
}

/** A token with a telling prefix. */
export const prefixedToken: Detector = (text, at) => {
  if (at + 1 >= text.length) return undefined;
  const second = charCodeAt(text, at + 1);
  const candidates = second < 128 ? byStart[charCodeAt(text, at)]![second] : undefined;
  return candidates === undefined ? undefined : tokenAmong(candidates, text, at);
};

function tokenAmong(candidates: readonly Prefix[], text: string, at: number): Found | undefined {
  for (let index = 0; index < candidates.length; index++) {
    const candidate = candidates[index]!;
    const prefix = candidate[0];
    if (!startsWith(text, prefix, at)) continue;
    const body = at + prefix.length;
    const end = skip(text, body, isTokenCharacter);
    if (end - body >= candidate[1]) return { rule: 'token', start: at, end };
  }
  return undefined;
}

/** A client secret of Azure's directory, met at the `~` of its fourth to sixth characters: `abc8Q~…`. */
export const azureSecret: Detector = (text, at, from) => {
  const start = at - 5;
  if (start < from || charCodeAt(text, at - 1) !== 0x51 || !isDigit(charCodeAt(text, at - 2)))
    return undefined;
  for (let next = start; next < at - 2; next++)
    if (!isTokenCharacter(charCodeAt(text, next))) return undefined;
  const end = skip(text, at + 1, isTokenCharacter);
  return end - at > 30 ? { rule: 'token', start, end } : undefined;
};

/** A JSON Web Token, whole or cut: `eyJ` is how base64 writes `{"`. */
export const jsonWebToken: Detector = (text, at) => {
  if (!startsWith(text, 'eyJ', at)) return undefined;
  const header = skip(text, at, isBase64Url);
  const isCut = header === text.length;
  if (header - at < 10 || (!isCut && charCodeAt(text, header) !== 0x2e)) return undefined;
  return { rule: 'jwt', start: at, end: skip(text, header, isTokenCharacter) };
};

const isBase64Url = (code: number): boolean => isWord(code) || code === 0x2d;

/** `Basic`, a space and eight characters. */
const SHORTEST_AUTHORIZATION = 14;

/** What follows `Bearer` or `Basic`, in any case. */
export const authorization: Detector = (text, at) => {
  if (text.length - at < SHORTEST_AUTHORIZATION) return undefined;
  const length = schemeLength(toLowerCase(slice(text, at, at + 'bearer'.length)));
  if (length === 0) return undefined;
  const start = skip(text, at + length, isSpace);
  return start > at + length ? tokenFrom(text, start) : undefined;
};

const schemeLength = (word: string): number =>
  word === 'bearer' ? 6 : word === 'basic ' || word === 'basic\t' ? 5 : 0;

/** Shorter, or made of small letters only, it is a word: `basic training`. */
function tokenFrom(text: string, start: number): Found | undefined {
  const end = skip(text, start, isTokenCharacter);
  const isLong = end - start >= 8;
  return isLong && skip(text, start + 1, isSmall) < end ? { rule: 'token', start, end } : undefined;
}

const isSmall = (code: number): boolean =>
  isTokenCharacter(code) && !isUpper(code) && !isDigit(code) && code !== 0x3d;
