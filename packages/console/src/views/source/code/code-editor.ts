import { javascript } from '@codemirror/lang-javascript';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, highlightActiveLine, keymap } from '@codemirror/view';
import { annotate, annotations, type Annotations } from './annotations.js';
import type { CodeDocument } from './code-document.js';
import { codeTheme } from './code-theme.js';
import { decorations } from './decorations.js';
import { gutters } from './gutters.js';
import { selectionKeys } from './selection-keys.js';

export interface CodeEditorOptions {
  readonly parent: ShadowRoot;
  /** A line was pointed at, or a key pressed on it: its number in the source. */
  onPick(line: number): void;
  /** What stands beside a line was pointed at. */
  onProbe(id: string): void;
}

/** Part of the window's height above which a line stands that something is shown below. */
const LOWEST = 0.3;

/** Shows a file, read only, with what stands beside its lines. */
export class CodeEditor {
  readonly #view: EditorView;
  readonly #options: CodeEditorOptions;
  #document: CodeDocument = { file: '', origin: 'outline', isOther: false, lines: [], functions: [] };

  constructor(options: CodeEditorOptions) {
    this.#options = options;
    this.#view = new EditorView({ parent: options.parent, root: options.parent });
  }

  /** Shows a file; the cursor stays on its line if it is the file that was there already. */
  show(document: CodeDocument): void {
    const kept = document.file === this.#document.file ? this.#numberAt(this.#view.state) : undefined;
    this.#document = document;
    this.#view.setState(
      EditorState.create({
        doc: document.lines.map(({ text }) => text).join('\n'),
        extensions: this.#extensions(document),
      }),
    );
    if (kept !== undefined) this.reveal(kept);
  }

  annotate(all: Annotations): void {
    this.#view.dispatch({ effects: annotate.of(all) });
  }

  /** The index of a line of the source in what is shown: its own, or the next before it. */
  indexOf(line: number): number {
    return Math.max(
      0,
      this.#document.lines.findLastIndex(({ number }) => number <= line),
    );
  }

  /** Puts the cursor on a line of the source, in the middle of what is seen. */
  reveal(line: number): void {
    const { doc } = this.#view.state;
    const { from } = doc.line(Math.min(this.indexOf(line) + 1, doc.lines));
    this.#view.dispatch({
      selection: { anchor: from },
      effects: EditorView.scrollIntoView(from, { y: 'center' }),
    });
  }

  /** Where a line of the source is on the screen, after it was moved up where there is little room below it. */
  placeOf(line: number): DOMRect {
    const { doc } = this.#view.state;
    const { from } = doc.line(Math.min(this.indexOf(line) + 1, doc.lines));
    const low = (this.#view.coordsAtPos(from)?.bottom ?? 0) - innerHeight * LOWEST;
    if (low > 0) this.#view.scrollDOM.scrollTop += low;
    const at = this.#view.coordsAtPos(from);
    const { left, top } = this.#view.dom.getBoundingClientRect();
    return at === null ? new DOMRect(left, top) : new DOMRect(at.left, at.top, 0, at.bottom - at.top);
  }

  close(): void {
    this.#view.destroy();
  }

  /** The line of the source on which the cursor is. */
  #numberAt({ doc, selection }: EditorState): number {
    return this.#document.lines[doc.lineAt(selection.main.head).number - 1]?.number ?? 1;
  }

  #extensions({ file, origin, lines }: CodeDocument): Extension {
    const { onPick, onProbe } = this.#options;
    const pickHere = ({ state }: EditorView): boolean => {
      onPick(this.#numberAt(state));
      return true;
    };
    return [
      annotations,
      gutters(
        lines.map(({ number }) => number),
        (index) => onPick(lines[index]?.number ?? 1),
      ),
      decorations,
      highlightActiveLine(),
      EditorState.readOnly.of(true),
      EditorView.contentAttributes.of({
        'aria-label': `${file}. Enter places a probe on the line.`,
        'aria-readonly': 'true',
        inputmode: 'none',
        tabindex: '0',
      }),
      EditorView.domEventHandlers({ mousedown: (event) => pickNote(event, onProbe) }),
      keymap.of([{ key: 'Enter', run: pickHere }, { key: 'F9', run: pickHere }, ...selectionKeys]),
      origin === 'outline'
        ? EditorView.editorAttributes.of({ class: 'outline' })
        : javascript({ typescript: !/\.[cm]?jsx?$/.test(file), jsx: file.endsWith('x') }),
      codeTheme,
    ];
  }
}

function pickNote({ target }: MouseEvent, onProbe: (id: string) => void): boolean {
  const id = (target as Element).closest<HTMLElement>('.note')?.dataset['probe'];
  if (id !== undefined) onProbe(id);
  return id !== undefined;
}
