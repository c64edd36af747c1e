import { RangeSetBuilder, type Extension } from '@codemirror/state';
import {
  Decoration,
  ViewPlugin,
  type DecorationSet,
  type EditorView,
  type ViewUpdate,
} from '@codemirror/view';
import { annotate, annotations } from './annotations.js';
import { LiveNote, ReplayNote } from './live-note.js';

const dimmed = Decoration.line({ class: 'dimmed' });
const pointed = Decoration.line({ class: 'pointed' });
const trodden = Decoration.line({ class: 'trodden' });

/** Lines without a statement are dimmed; live values stand at the end of their lines. Only what is in sight is drawn. */
export const decorations: Extension = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = decorate(view);
    }

    update(update: ViewUpdate): void {
      const isAnnotated = update.transactions.some(({ effects }) =>
        effects.some((effect) => effect.is(annotate)),
      );
      if (isAnnotated || update.viewportChanged || update.docChanged)
        this.decorations = decorate(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

function decorate({ state, visibleRanges }: EditorView): DecorationSet {
  const { able, marks, notes, trodden: ran, pointed: at } = state.field(annotations);
  const builder = new RangeSetBuilder<Decoration>();
  for (const { from, to } of visibleRanges) {
    for (let line = state.doc.lineAt(from); ; line = state.doc.line(line.number + 1)) {
      const index = line.number - 1;
      if (at === index) builder.add(line.from, line.from, pointed);
      else if (ran.has(index)) builder.add(line.from, line.from, trodden);
      const note = notes.get(index);
      const here = marks.get(index);
      const isOfUse = able.has(index) || here !== undefined || ran.size > 0;
      if (!isOfUse) builder.add(line.from, line.from, dimmed);
      if (note !== undefined) builder.add(line.to, line.to, widget(new ReplayNote(note)));
      else if (here !== undefined && ran.size === 0)
        builder.add(line.to, line.to, widget(new LiveNote(here)));
      if (line.to >= to || line.number === state.doc.lines) break;
    }
  }
  return builder.finish();
}

const widget = (of: LiveNote | ReplayNote): Decoration => Decoration.widget({ widget: of, side: 1 });
