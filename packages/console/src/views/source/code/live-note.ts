import { WidgetType } from '@codemirror/view';
import { short } from '../../../words/number.js';
import { toneOf } from '../../../words/kinds.js';
import { isSameMark, type LineMark } from './line-mark.js';
import { sparkline } from './sparkline.js';

/** Beside a line: how often its probe hits, and what it saw last. Of several the one that is looked at, or lives. */
export class LiveNote extends WidgetType {
  readonly #mark: LineMark;
  readonly #others: number;

  constructor(marks: readonly LineMark[]) {
    super();
    this.#mark =
      marks.find(({ isChosen }) => isChosen) ?? marks.find(({ state }) => state !== 'ended') ?? marks[0]!;
    this.#others = marks.length - 1;
  }

  override eq(other: LiveNote): boolean {
    return this.#others === other.#others && isSameMark(this.#mark, other.#mark);
  }

  toDOM(): HTMLElement {
    const { kind, hits, beats, last, obstacle, state, isChosen, probe } = this.#mark;
    const note = element(`note ${toneOf(kind)} ${state}${isChosen ? ' chosen' : ''}`, '');
    note.dataset['probe'] = probe;
    if (beats.some((count) => count > 0)) note.append(sparkline(beats));
    note.append(element('note-count', hits === 0 ? waitingWords(state) : `${short(hits)}×`));
    const more = last ?? obstacle;
    if (more !== undefined) {
      note.append(element('note-last', more));
      note.title = more;
    }
    if (this.#others > 0) note.append(element('note-others', `+${this.#others}`));
    return note;
  }

  override ignoreEvent(): boolean {
    return false;
  }
}

/** A value that a replayed path had at a line. */
export class ReplayNote extends WidgetType {
  readonly #text: string;

  constructor(text: string) {
    super();
    this.#text = text;
  }

  override eq(other: ReplayNote): boolean {
    return this.#text === other.#text;
  }

  toDOM(): HTMLElement {
    return element('note replayed', this.#text);
  }
}

const waitingWords = (state: LineMark['state']): string => (state === 'ended' ? 'never hit' : 'waiting');

/** What was captured is text, and nothing else. */
function element(className: string, text: string): HTMLElement {
  const span = document.createElement('span');
  span.className = className;
  span.textContent = text;
  return span;
}
