import { intrinsics } from '@dormouse/expression/inspect';
import { assignment } from './assignment.js';
import { card } from './card.js';
import { charCodeAt } from './characters.js';
import { email } from './email.js';
import { privateKey } from './private-key.js';
import type { Detector, Rule, Secret } from './secret.js';
import { authorization, jsonWebToken, PREFIX_STARTS, prefixedToken } from './tokens.js';
import { urlCredentials } from './url-credentials.js';

const { slice } = intrinsics;

/** Every secret in a text replaced by `[redacted:<rule>]`. Linear in the text's length. */
export function redactText(text: string): string {
  let redacted = '';
  let from = 0;
  for (let secret = nextSecret(text, 0); secret !== undefined; secret = nextSecret(text, from)) {
    redacted += slice(text, from, secret.start) + mark(secret.rule);
    from = secret.end;
  }
  return from === 0 ? text : redacted + slice(text, from);
}

/** The rule by which a text is a secret from its first to its last character. */
export function wholeSecret(text: string): Rule | undefined {
  const secret = nextSecret(text, 0);
  return secret !== undefined && secret.start === 0 && secret.end === text.length ? secret.rule : undefined;
}

export const mark = (rule: Rule): string => `[redacted:${rule}]`;

function nextSecret(text: string, from: number): Secret | undefined {
  for (let at = from; at < text.length; at++) {
    const code = charCodeAt(text, at);
    const detect = code < DETECTORS.length ? DETECTORS[code] : undefined;
    const secret = detect?.(text, at, from);
    if (secret !== undefined) return secret;
  }
  return undefined;
}

const colon: Detector = (text, at, from) => urlCredentials(text, at, from) ?? assignment(text, at, from);

/** What to look for at each ASCII character; most start or mark nothing. */
const DETECTORS: readonly (Detector | undefined)[] = Array.from({ length: 128 }, (_, code) =>
  detectorAt(String.fromCharCode(code)),
);

function detectorAt(character: string): Detector | undefined {
  if (character >= '0' && character <= '9') return card;
  switch (character) {
    case '@':
      return email;
    case ':':
      return colon;
    case '=':
      return assignment;
    case '-':
      return privateKey;
    case 'e':
      return jsonWebToken;
    case 'B':
    case 'b':
      return authorization;
    default:
      return PREFIX_STARTS.has(character) ? prefixedToken : undefined;
  }
}
