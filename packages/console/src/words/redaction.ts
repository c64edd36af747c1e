import { INCLUDE_LIST_RULE } from '@dormouse/protocol';

/** What stands before the type of a value that the one who looks may not see. */
const WITHHELD = 'not granted: ';

/** Why a value is hidden, in a person's words. */
export function redactionWords(rule: string): string {
  if (rule === INCLUDE_LIST_RULE) return 'redacted: not on the include list';
  return rule.startsWith(WITHHELD) ? `withheld: ${rule.slice(WITHHELD.length)}` : `redacted: ${rule}`;
}

/** A part of a text; `rule` where something stood that was hidden. */
export interface TextPiece {
  readonly text: string;
  readonly rule?: string;
}

/** A captured text, with the places apart at which secrets stood: `key [redacted:api-key] end`. */
export function piecesOf(text: string): readonly TextPiece[] {
  const pieces: TextPiece[] = [];
  let at = 0;
  for (const { 0: whole, 1: rule = '', index } of text.matchAll(/\[redacted:([^\][]*)\]/g)) {
    if (index > at) pieces.push({ text: text.slice(at, index) });
    pieces.push({ text: whole, rule });
    at = index + whole.length;
  }
  return at < text.length || pieces.length === 0 ? [...pieces, { text: text.slice(at) }] : pieces;
}
