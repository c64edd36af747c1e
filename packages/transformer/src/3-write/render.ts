import { GenMapping, addSegment, setSourceContent, toEncodedMap } from '@jridgewell/gen-mapping';
import type { EncodedSourceMap } from '@jridgewell/gen-mapping';
import type { ts } from '../1-parse/typescript.js';
import { lexemes } from '../1-parse/lexemes.js';
import type { Literal } from '../1-parse/literals.js';
import type { Insertion } from './insertion.js';

export interface Rendered {
  readonly code: string;
  /** From the woven text to the text that was woven, exact for every token of both bodies. */
  readonly map: EncodedSourceMap;
}

/** Applies insertions, given in text order, and maps every token of the result. */
export function render(
  file: ts.SourceFile,
  literals: readonly Literal[],
  insertions: readonly Insertion[],
  source: string,
): Rendered {
  const writer = new Writer(file, source);
  let from = 0;
  for (const { at, pieces } of insertions) {
    writer.copy(from, at, literals);
    for (const { text, origin } of pieces) writer.insert(text, origin);
    from = at;
  }
  writer.copy(from, file.text.length, literals);
  return writer.finish();
}

/**
 * Insertions contain no line breaks, so a generated position is the original line and a column
 * shifted by what was inserted before it on that line.
 */
class Writer {
  readonly #file: ts.SourceFile;
  readonly #source: string;
  readonly #map: GenMapping;
  readonly #lineStarts: readonly number[];
  readonly #output: string[] = [];
  #line = 0;
  #shift = 0;

  constructor(file: ts.SourceFile, source: string) {
    this.#file = file;
    this.#source = source;
    this.#lineStarts = file.getLineStarts();
    this.#map = new GenMapping({ file: source });
    setSourceContent(this.#map, source, file.text);
  }

  copy(from: number, to: number, literals: readonly Literal[]): void {
    this.#output.push(this.#file.text.slice(from, to));
    for (const { kind, start } of lexemes(this.#file.text, literals, from, to)) {
      if (kind === 'space' || kind === 'comment') continue;
      this.#moveTo(start);
      addSegment(
        this.#map,
        this.#line,
        this.#columnOf(start) + this.#shift,
        this.#source,
        this.#line,
        this.#columnOf(start),
      );
    }
    this.#moveTo(to);
    this.#end = to;
  }

  #end = 0;

  insert(text: string, origin: number | undefined): void {
    // Two segments in one column are read differently by different hosts.
    if (text === '') return;
    const column = this.#columnOf(this.#end) + this.#shift;
    if (origin === undefined) addSegment(this.#map, this.#line, column);
    else {
      const { line, character } = this.#file.getLineAndCharacterOfPosition(origin);
      addSegment(this.#map, this.#line, column + leadingSpace(text), this.#source, line, character);
    }
    this.#output.push(text);
    this.#shift += text.length;
  }

  finish(): Rendered {
    return { code: this.#output.join(''), map: toEncodedMap(this.#map) };
  }

  #moveTo(offset: number): void {
    while ((this.#lineStarts[this.#line + 1] ?? Infinity) <= offset) {
      this.#line++;
      this.#shift = 0;
    }
  }

  #columnOf(offset: number): number {
    return offset - (this.#lineStarts[this.#line] as number);
  }
}

function leadingSpace(text: string): number {
  return text.startsWith(' ') ? 1 : 0;
}
