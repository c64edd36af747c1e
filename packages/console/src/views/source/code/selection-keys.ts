import {
  cursorCharLeft,
  cursorCharRight,
  cursorDocEnd,
  cursorDocStart,
  cursorLineDown,
  cursorLineUp,
  cursorPageDown,
  cursorPageUp,
  selectAll,
} from '@codemirror/commands';
import type { KeyBinding } from '@codemirror/view';

/** Moving about in what cannot be changed. */
export const selectionKeys: readonly KeyBinding[] = [
  { key: 'ArrowUp', run: cursorLineUp },
  { key: 'ArrowDown', run: cursorLineDown },
  { key: 'ArrowLeft', run: cursorCharLeft },
  { key: 'ArrowRight', run: cursorCharRight },
  { key: 'PageUp', run: cursorPageUp },
  { key: 'PageDown', run: cursorPageDown },
  { key: 'Mod-Home', run: cursorDocStart },
  { key: 'Mod-End', run: cursorDocEnd },
  { key: 'Home', run: cursorDocStart },
  { key: 'End', run: cursorDocEnd },
  { key: 'Mod-a', run: selectAll },
];
