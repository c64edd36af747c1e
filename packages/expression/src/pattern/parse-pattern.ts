import {
  ALL,
  type CodeUnits,
  complement,
  DIGITS,
  ignoringCase,
  LINE_BREAKS,
  range,
  SPACES,
  union,
  WORD,
} from './code-units.js';
import { PatternError } from './pattern-error.js';
import type { Assertion, ParsedPattern, Part } from './syntax.js';

/** Rounds that a quantifier may ask for by number. */
const ROUNDS = 1_000;

/** Groups within groups. */
const DEPTH = 50;

/**
 * Reads a regular expression as JavaScript does without the flag `u`.
 * @param flags any of `gims`
 * @throws PatternError for what is no regular expression, and for what cannot be matched in linear time
 */
export const parsePattern = (source: string, flags: string): ParsedPattern =>
  new PatternReader(source, flags).read();

const CLASSES: Readonly<Record<string, CodeUnits>> = {
  d: DIGITS,
  D: complement(DIGITS),
  s: SPACES,
  S: complement(SPACES),
  w: WORD,
  W: complement(WORD),
};

const CONTROLS: Readonly<Record<string, number>> = { f: 0x0c, n: 0x0a, r: 0x0d, t: 0x09, v: 0x0b };

const LOOKAROUND = 'looks around: lookahead and lookbehind take more than linear time';

class PatternReader {
  readonly #source: string;
  readonly #ignoreCase: boolean;
  readonly #multiline: boolean;
  readonly #dot: CodeUnits;
  readonly #names: [string, number][] = [];
  #at = 0;
  #groups = 0;
  #depth = 0;

  constructor(source: string, flags: string) {
    this.#source = source;
    this.#ignoreCase = flags.includes('i');
    this.#multiline = flags.includes('m');
    this.#dot = flags.includes('s') ? ALL : complement(LINE_BREAKS);
  }

  read(): ParsedPattern {
    const body = this.#readChoice();
    if (this.#at < this.#source.length) this.#fail('`)` closes nothing');
    return { body, groups: this.#groups, names: this.#names };
  }

  #readChoice(): Part {
    const options = [this.#readSequence()];
    while (this.#take('|')) options.push(this.#readSequence());
    return options.length === 1 ? options[0]! : { kind: 'choice', options };
  }

  #readSequence(): Part {
    const parts: Part[] = [];
    while (this.#at < this.#source.length && !this.#isNext('|') && !this.#isNext(')')) {
      const firstGroup = this.#groups;
      const atom = this.#readAtom();
      parts.push(this.#readQuantifier(atom, firstGroup));
    }
    return parts.length === 1 ? parts[0]! : { kind: 'sequence', parts };
  }

  #readAtom(): Part {
    const character = this.#source[this.#at]!;
    switch (character) {
      case '(':
        return this.#readGroup();
      case '[':
        return this.#readClass();
      case '\\':
        return this.#readEscape();
      case '^':
        return this.#assertion(this.#multiline ? 'lineStart' : 'start');
      case '$':
        return this.#assertion(this.#multiline ? 'lineEnd' : 'end');
      case '.':
        this.#at++;
        return { kind: 'units', units: this.#dot };
      case '*':
      case '+':
      case '?':
        return this.#fail(`\`${character}\` repeats nothing`);
      default:
        if (character === '{' && this.#readBounds()) return this.#fail('`{` repeats nothing');
        this.#at++;
        return this.#units(range(character.charCodeAt(0)));
    }
  }

  #assertion(assertion: Assertion, length = 1): Part {
    this.#at += length;
    return { kind: 'assertion', assertion };
  }

  #units(units: CodeUnits): Part {
    return { kind: 'units', units: this.#ignoreCase ? ignoringCase(units) : units };
  }

  #readGroup(): Part {
    const start = this.#at++;
    if (++this.#depth > DEPTH) this.#fail(`groups nest at most ${DEPTH} levels deep`, start);
    const captures = this.#readGroupKind(start);
    const index = captures ? ++this.#groups : 0;
    if (typeof captures === 'string') this.#names.push([captures, index]);
    const body = this.#readChoice();
    if (!this.#take(')')) this.#fail('`(` is not closed', start);
    this.#depth--;
    return captures ? { kind: 'group', index, body } : body;
  }

  /** @returns the group's name, or whether it captures */
  #readGroupKind(start: number): string | boolean {
    if (!this.#take('?')) return true;
    if (this.#take(':')) return false;
    if (/^(?:=|!|<=|<!)/.test(this.#source.slice(this.#at, this.#at + 2))) this.#fail(LOOKAROUND, start);
    const name = /^<([\p{ID_Start}$_][\p{ID_Continue}$]*)>/u.exec(this.#source.slice(this.#at))?.[1];
    if (name === undefined) return this.#fail('after `(?` comes `:` or `<name>`', start);
    if (this.#names.some(([other]) => other === name)) this.#fail(`two groups are named \`${name}\``, start);
    this.#at += name.length + 2;
    return name;
  }

  #readQuantifier(body: Part, firstGroup: number): Part {
    const start = this.#at;
    const bounds = this.#readBounds();
    if (!bounds) return body;
    if (body.kind === 'assertion') this.#fail('an assertion cannot be repeated', start);
    const greedy = !this.#take('?');
    const [least, most] = bounds;
    if (most < least) this.#fail('the numbers of a repetition are out of order', start);
    if (least > ROUNDS || (most > ROUNDS && most !== Infinity)) {
      this.#fail(`a repetition counts to ${ROUNDS} at most`, start);
    }
    return { kind: 'repeat', body, least, most, greedy, groups: [firstGroup + 1, this.#groups + 1] };
  }

  #readBounds(): readonly [least: number, most: number] | undefined {
    if (this.#take('*')) return [0, Infinity];
    if (this.#take('+')) return [1, Infinity];
    if (this.#take('?')) return [0, 1];
    const bounds = /^\{(\d+)(,(\d*))?\}/.exec(this.#source.slice(this.#at, this.#at + 30));
    if (!bounds) return undefined;
    this.#at += bounds[0].length;
    const least = Number(bounds[1]);
    if (bounds[2] === undefined) return [least, least];
    return [least, bounds[3] === '' ? Infinity : Number(bounds[3])];
  }

  #readEscape(): Part {
    const letter = this.#source[this.#at + 1];
    if (letter === 'b') return this.#assertion('wordEdge', 2);
    if (letter === 'B') return this.#assertion('noWordEdge', 2);
    if (letter !== undefined && /[1-9]/.test(letter)) {
      return this.#fail('refers back to a group: back-references take more than linear time');
    }
    return this.#units(this.#readEscaped());
  }

  /** What a backslash and the characters after it stand for, outside of a class and inside. */
  #readEscaped(): CodeUnits {
    const start = this.#at;
    const letter = this.#source[start + 1];
    if (letter === undefined) return this.#fail('`\\` escapes nothing');
    this.#at += 2;
    if (Object.hasOwn(CLASSES, letter)) return CLASSES[letter]!;
    if (Object.hasOwn(CONTROLS, letter)) return range(CONTROLS[letter]!);
    switch (letter) {
      case '0':
        if (/\d/.test(this.#source[this.#at] ?? ''))
          this.#fail('write a character by its number as `\\xHH`', start);
        return range(0);
      case 'c':
        return this.#readControl(start);
      case 'k':
        return this.#fail('refers back to a group: back-references take more than linear time', start);
      case 'p':
      case 'P':
        return this.#fail('Unicode properties are left out; write the characters themselves', start);
      case 'u':
        return this.#readHexadecimal(4) ?? range(letter.charCodeAt(0));
      case 'x':
        return this.#readHexadecimal(2) ?? range(letter.charCodeAt(0));
      default:
        return range(letter.charCodeAt(0));
    }
  }

  #readControl(start: number): CodeUnits {
    const letter = this.#source[this.#at];
    if (letter === undefined || !/[a-z]/i.test(letter))
      return this.#fail('after `\\c` comes a letter', start);
    this.#at++;
    return range(letter.charCodeAt(0) % 32);
  }

  #readHexadecimal(length: number): CodeUnits | undefined {
    const digits = this.#source.slice(this.#at, this.#at + length);
    if (digits.length < length || !/^[\da-f]+$/i.test(digits)) return undefined;
    this.#at += length;
    return range(Number.parseInt(digits, 16));
  }

  #readClass(): Part {
    const start = this.#at++;
    const isNegated = this.#take('^');
    const sets: CodeUnits[] = [];
    while (!this.#take(']')) {
      if (this.#at >= this.#source.length) this.#fail('`[` is not closed', start);
      sets.push(this.#readClassRange());
    }
    const units = union(...sets);
    const known = this.#ignoreCase ? ignoringCase(units) : units;
    return { kind: 'units', units: isNegated ? complement(known) : known };
  }

  #readClassRange(): CodeUnits {
    const start = this.#at;
    const from = this.#readClassAtom();
    if (!this.#isNext('-') || this.#source[this.#at + 1] === ']' || this.#at + 1 >= this.#source.length)
      return from;
    this.#at++;
    const to = this.#readClassAtom();
    const isRange = from.length === 2 && from[0] === from[1] && to.length === 2 && to[0] === to[1];
    if (!isRange) return union(from, range('-'.charCodeAt(0)), to);
    if (to[0]! < from[0]!) this.#fail('the ends of a range are out of order', start);
    return range(from[0]!, to[0]);
  }

  #readClassAtom(): CodeUnits {
    if (!this.#isNext('\\')) return range(this.#source.charCodeAt(this.#at++));
    const letter = this.#source[this.#at + 1];
    if (letter === 'b') {
      this.#at += 2;
      return range(0x08);
    }
    if (letter !== undefined && /[1-9]/.test(letter))
      this.#fail('write a character by its number as `\\xHH`');
    return this.#readEscaped();
  }

  #isNext(character: string): boolean {
    return this.#source[this.#at] === character;
  }

  #take(character: string): boolean {
    if (!this.#isNext(character)) return false;
    this.#at++;
    return true;
  }

  #fail(message: string, at = this.#at): never {
    throw new PatternError(`\`${this.#source.slice(at, at + 12)}\`: ${message}.`, at);
  }
}
