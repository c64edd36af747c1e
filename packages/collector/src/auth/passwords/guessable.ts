/** Shortest password, characters: NIST SP 800-63B-4 asks for 15 where nothing but the password proves who it is. */
export const MIN_PASSWORD_LENGTH = 15;
/** Longest, so that nobody makes us hash megabytes; NIST asks for at least 64. */
export const MAX_PASSWORD_LENGTH = 256;

/** Characters that must be left when all that is easily guessed counts as one character each. */
const MIN_UNGUESSED = 8;

/**
 * What the most common passwords of published breaches are made of. Fifteen characters exclude nearly all of them as they
 * are, so people put them one after the other: each counts as a single character here.
 */
const COMMON = `
  password passwort passw0rd p@ssw0rd p@ssword motdepasse contraseña parola qwerty qwertz azerty qazwsx
  asdf zxcv 1q2w3e4r5t 1q2w3e4r 1q2w3e q1w2e3r4 iloveyou letmein welcome admin administrator login master
  secret changeme default dragon monkey football baseball sunshine princess superman batman shadow michael
  jennifer jordan charlie ashley daniel jessica thomas hunter trustno1 starwars pokemon whatever freedom
  computer internet samsung google liverpool chelsea arsenal killer lovely flower summer winter spring
  autumn hello test root guest user demo dormouse collector debugger correcthorsebatterystaple january
  february march april august september october november december
`
  .trim()
  .split(/\s+/);

/** Rows of keyboards and alphabets that fingers and heads run along. */
const ROWS = `
  abcdefghijklmnopqrstuvwxyz 01234567890 qwertzuiop qwertyuiop azertyuiop asdfghjkl zxcvbnm yxcvbnm
  1q2w3e4r5t6y7u8i9o0p 1qaz2wsx3edc4rfv5tgb6yhn7ujm
`
  .trim()
  .split(/\s+/);

/**
 * Why a password is too easily guessed; nothing if it is not.
 * @param own what is known of its owner: name, address
 */
export function weaknessOf(password: string, own: readonly string[]): string | undefined {
  const { length } = Array.from(password);
  if (length < MIN_PASSWORD_LENGTH) {
    return `A password has at least ${MIN_PASSWORD_LENGTH} characters; this one has ${length}. Several words are easy to remember`;
  }
  if (password.length > MAX_PASSWORD_LENGTH)
    return `A password has at most ${MAX_PASSWORD_LENGTH} characters`;
  if (unguessed(password.toLowerCase(), own) >= MIN_UNGUESSED) return undefined;
  return 'This password is made of what is tried first: common passwords, rows of keys, repetitions, or your own name. Take words that have nothing to do with each other';
}

/** Characters, when each guessable part of a text counts as one. */
function unguessed(text: string, own: readonly string[]): number {
  const words = [...own.flatMap(partsOf), ...COMMON].toSorted((one, other) => other.length - one.length);
  const withoutWords = words.reduce((rest, word) => rest.replaceAll(word, '\0'), text);
  return countWithoutRuns(withoutRepetitions(withoutWords));
}

/** `ann.lee@example.com` → ann, lee, example, com; what is shorter than three characters tells nothing. */
function partsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((part) => part.length >= 3);
}

/** `abcabcabc` → `abc`, `aaaa` → `a`, wherever it stands. */
function withoutRepetitions(text: string): string {
  return text.replace(/(.+?)\1+/gsu, '$1');
}

/** Characters, of which those that follow their predecessor in a row, in either direction, do not count from the third on. */
function countWithoutRuns(text: string): number {
  const characters = Array.from(text);
  const follows = (index: number): boolean => {
    const pair = `${characters[index - 1] ?? ''}${characters[index] ?? ''}`;
    return pair.length === 2 && ROWS.some((row) => row.includes(pair) || row.includes(reversed(pair)));
  };
  return characters.filter((_, index) => !(follows(index) && (index < 2 || follows(index - 1)))).length;
}

const reversed = (text: string): string => Array.from(text).toReversed().join('');
