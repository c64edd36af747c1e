import type { Extension } from '@codemirror/state';
import { gutter, GutterMarker, type BlockInfo, type EditorView } from '@codemirror/view';
import { toneOf } from '../../../words/kinds.js';
import { annotate, annotations } from './annotations.js';
import type { LineMark } from './line-mark.js';

/** A dot for the probes of a line: filled while one is armed, hollow before and after. */
class Dot extends GutterMarker {
  readonly #marks: readonly LineMark[];

  constructor(marks: readonly LineMark[]) {
    super();
    this.#marks = marks;
  }

  override eq(other: Dot): boolean {
    return this.#className === other.#className;
  }

  override toDOM(): HTMLElement {
    const dot = document.createElement('span');
    dot.className = this.#className;
    return dot;
  }

  get #className(): string {
    const { kind, state } = this.#marks[0]!;
    return `dot ${toneOf(kind)} ${state}${this.#marks.length > 1 ? ' many' : ''}`;
  }
}

class LineNumber extends GutterMarker {
  readonly #number: number;
  readonly #isAble: boolean;

  constructor(number: number, isAble: boolean) {
    super();
    this.#number = number;
    this.#isAble = isAble;
  }

  override eq(other: LineNumber): boolean {
    return this.#number === other.#number && this.#isAble === other.#isAble;
  }

  override toDOM(): HTMLElement {
    const number = document.createElement('span');
    number.className = this.#isAble ? 'number able' : 'number';
    number.textContent = String(this.#number);
    return number;
  }
}

/**
 * Probes, and the numbers of the lines in the source.
 * @param numbers of the source's lines, by index of the line that is shown
 * @param onPick a line was pointed at, by its index from 0
 */
export function gutters(numbers: readonly number[], onPick: (index: number) => void): Extension {
  const indexOf = (view: EditorView, block: BlockInfo): number =>
    view.state.doc.lineAt(block.from).number - 1;
  const pick = (view: EditorView, block: BlockInfo): boolean => {
    onPick(indexOf(view, block));
    return true;
  };
  const isChanged = (effects: readonly { is(type: typeof annotate): boolean }[]): boolean =>
    effects.some((effect) => effect.is(annotate));
  return [
    gutter({
      class: 'dots',
      lineMarker(view, block) {
        const marks = view.state.field(annotations).marks.get(indexOf(view, block));
        return marks === undefined ? null : new Dot(marks);
      },
      lineMarkerChange: (update) => update.transactions.some(({ effects }) => isChanged(effects)),
      domEventHandlers: { click: pick },
    }),
    gutter({
      class: 'numbers',
      lineMarker(view, block) {
        const index = indexOf(view, block);
        return new LineNumber(numbers[index] ?? 0, view.state.field(annotations).able.has(index));
      },
      lineMarkerChange: (update) => update.transactions.some(({ effects }) => isChanged(effects)),
      domEventHandlers: { click: pick },
    }),
  ];
}
