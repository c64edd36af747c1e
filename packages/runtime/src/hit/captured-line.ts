import type { CapturedLine, StepPoint, StepsPlace } from '@dormouse/protocol';
import type { CaptureSession } from '../capture/session.js';
import type { CallPoint } from '../switchboard/call-hooks.js';
import { readOuters, UNINITIALISED } from './frame.js';
import { mapList } from './list.js';
import { captureSelf, captureVariable } from './variables.js';

/** The points of a function that is followed line by line, as the switchboard is told of them. */
export const callPoints = ({ points }: StepsPlace): CallPoint[] =>
  points.map(({ locals, outers }, index) => ({
    index,
    passes: 1 + locals.length + (outers === undefined ? 0 : 1),
  }));

/**
 * Shows the point of a followed function that was reached last.
 * @param values what its hook passed
 * @param level see {@link CaptureSession.variable}
 */
export function captureLine(
  session: CaptureSession,
  { names, points }: StepsPlace,
  point: number,
  values: readonly unknown[],
  level = 0,
): CapturedLine {
  const { line, column, self, locals, outers } = points[point] as StepPoint;
  const show = (name: number, value: unknown) =>
    captureVariable(session, names[name] as string, value, level);
  const fields = {
    line,
    column,
    ...(self && { self: captureSelf(session, values[0], level) }),
    locals: mapList(locals, (name, index) => show(name, values[1 + index])),
  };
  if (outers === undefined) return fields;
  const read = readOuters(values[1 + locals.length] as () => readonly unknown[]);
  return {
    ...fields,
    outers: mapList(outers, (name, index) => show(name, read === undefined ? UNINITIALISED : read[index])),
  };
}
