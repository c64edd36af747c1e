/**
 * What a terminal, or the eye, would take for something other than text: control characters (C0, C1,
 * DEL), line and paragraph separators, invisible and direction-changing format characters, lone surrogates.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Makes foreign text safe to print on one line: unsafe characters become visible escapes such as `\n`,
 * `\x1b` or `\u{202e}`. Everything that comes from a process or the collector goes through here.
 */
export function escapeUnsafe(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return (
      SHORT_ESCAPES[character] ??
      (code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`)
    );
  });
}

/** The text in double quotes as a JavaScript literal would write it, safe to print. */
export function quote(text: string): string {
  return `"${escapeUnsafe(text.replaceAll('\\', '\\\\').replaceAll('"', '\\"'))}"`;
}

// eslint-disable-next-line no-control-regex
const ANSI_COLOR = /\u001b\[[\d;]*m/g;
const WIDE =
  /[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\uff01-\uff60\u3000-\u303e]/u;
const ZERO = /^\p{M}+$/u;

/** Columns that a text takes on a terminal; colours count nothing, CJK characters and emoji two. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text.replace(ANSI_COLOR, '')) {
    if (!ZERO.test(character)) width += WIDE.test(character) ? 2 : 1;
  }
  return width;
}

/** The text, filled with blanks to `width` columns. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text))) + text;
}

/** Uncoloured text in at most `width` columns, with `…` where its start or end was cut off. */
export function shorten(text: string, width: number, cut: 'start' | 'end' = 'end'): string {
  if (displayWidth(text) <= width) return text;
  const characters = [...text];
  if (cut === 'start') characters.reverse();
  let used = 1;
  const kept = characters.filter((character) => (used += displayWidth(character)) <= width);
  return cut === 'start' ? `…${kept.reverse().join('')}` : `${kept.join('')}…`;
}

/** Uncoloured text in pieces of at most `width` columns, broken anywhere. */
export function wrap(text: string, width: number): string[] {
  if (displayWidth(text) <= width) return [text];
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const character of text) {
    const columns = displayWidth(character);
    if (used + columns > width) {
      lines.push(line);
      line = '';
      used = 0;
    }
    line += character;
    used += columns;
  }
  return [...lines, line];
}

/** The same, broken behind a blank where a line has one in its second half. */
export function wrapAtBlanks(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (displayWidth(rest) > width) {
    const [line = ''] = wrap(rest, width);
    const behindBlank = line.lastIndexOf(' ') + 1;
    const end = behindBlank > line.length / 2 ? behindBlank : line.length;
    lines.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end);
  }
  return [...lines, rest];
}

/** `1 file`, `2 files`, `1,204 points`. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? noun : plural}`;
}
