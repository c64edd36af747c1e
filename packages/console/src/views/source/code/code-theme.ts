import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { colours } from '../../../parts/editor/colours.js';

const tones = Object.fromEntries(
  ['snapshot', 'log', 'check', 'metric', 'path', 'span'].map((tone) => [
    `.${tone}`,
    { '--tone': `var(--${tone})` },
  ]),
);

const theme = EditorView.theme({
  '&': { height: '100%' },
  '.cm-scroller': { overflow: 'auto' },
  '.cm-content': { padding: '6px 0 40vh' },
  '.cm-line': { padding: '0 12px 0 6px' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in oklab, var(--hover), transparent 35%)' },
  '.cm-gutters': { border: 'none', backgroundColor: 'var(--surface)', color: 'var(--ink-faint)' },
  '.dots': { width: '20px', cursor: 'pointer' },
  '.dots .cm-gutterElement': { display: 'grid', placeItems: 'center' },
  '.numbers': { minWidth: '44px', cursor: 'pointer' },
  '.numbers .cm-gutterElement': { padding: '0 12px 0 2px', textAlign: 'right' },
  '.number.able': { color: 'var(--ink-soft)' },
  '.numbers .cm-gutterElement:hover .able': { color: 'var(--accent)', fontWeight: '700' },
  '.dimmed': { opacity: '0.85' },
  // An outline's lines without a statement are the heads of its functions.
  '&.outline .dimmed': { opacity: '1', fontWeight: '650' },
  '.pointed': { backgroundColor: 'var(--accent-wash)', boxShadow: 'inset 3px 0 var(--accent)' },
  '.trodden': { boxShadow: 'inset 3px 0 color-mix(in oklab, var(--path), transparent 40%)' },
  ...tones,
  '.dot': {
    width: '10px',
    height: '10px',
    border: '2px solid var(--tone)',
    borderRadius: '50%',
    boxSizing: 'border-box',
  },
  '.dot.armed': { background: 'var(--tone)' },
  '.dot.ended': { opacity: '0.6' },
  '.dot.many': { boxShadow: '3px -2px 0 -1px var(--surface), 3px -2px 0 0.5px var(--tone)' },
  '.note': {
    position: 'sticky',
    right: '12px',
    display: 'inline-flex',
    alignItems: 'center',
    gap: '8px',
    maxWidth: '46ch',
    marginLeft: '2ch',
    padding: '0 8px',
    borderRadius: '999px',
    background: 'color-mix(in oklab, var(--tone), var(--surface) 88%)',
    color: 'var(--tone)',
    fontSize: '0.92em',
    lineHeight: '1.45',
    verticalAlign: 'top',
    cursor: 'pointer',
    overflow: 'hidden',
    whiteSpace: 'nowrap',
  },
  '.note.chosen': { boxShadow: 'inset 0 0 0 1px var(--tone)' },
  '.note-count': { fontVariantNumeric: 'tabular-nums', fontWeight: '600' },
  '.note-last': { overflow: 'hidden', color: 'var(--ink-soft)', textOverflow: 'ellipsis' },
  '.note-others': { flex: 'none', color: 'var(--ink-faint)' },
  '.note.replayed': { '--tone': 'var(--path)', display: 'inline-block', textOverflow: 'ellipsis' },
});

/** How the code of a file looks, with what stands beside its lines. */
export const codeTheme: Extension = [colours, theme];
