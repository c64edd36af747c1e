import type { StepsPlace } from '@dormouse/protocol';
import { callPoints } from './captured-line.js';
import type { FrameLayout } from './frame.js';
import type { Call, Plug } from './plug.js';

/**
 * The same plug of a function's calls, whose frames also keep the last line that the call has reached.
 * @param onLine called for each line of a call
 */
export function keepLastLine(plug: Plug, lines: StepsPlace, layout: FrameLayout, onLine: () => void): Plug {
  if (plug.on === 'line') return plug;
  const reached = (call: unknown, point: number, values: readonly unknown[]): void => {
    const { frame } = call as Call;
    frame[layout.lastPoint] = point;
    frame[layout.lastValues] = values;
    onLine();
  };
  return { ...plug, hook: { ...plug.hook, lines: { points: callPoints(lines), reached } } };
}
