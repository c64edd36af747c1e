import type { CaptureView } from '@dormouse/protocol';

import { formatMs } from './number.js';
import { valueRow, type ValueRow } from './value-row.js';

/** How a call ended, and after what time, in the rows of a capture's values. */
export function callRows({ on, returned, threw, durationMs, path }: CaptureView): ValueRow[] {
  const isUnseen = on === 'end' && returned === undefined && threw === undefined && path?.ended !== 'reached';
  return [
    ...(returned === undefined ? [] : [valueRow('returned', returned)]),
    ...(threw === undefined ? [] : [valueRow('threw', threw)]),
    ...(isUnseen ? [textRow('ended', 'in a way that could not be seen')] : []),
    ...(durationMs === undefined ? [] : [textRow('duration', formatMs(durationMs))]),
  ];
}

const textRow = (name: string, text: string): ValueRow => ({
  name,
  type: '',
  text,
  tone: 'quiet',
  children: [],
});
