import type { StackFrame } from '@dormouse/protocol';

/** A frame by its place in the stack; or some in a row that are none of the program's own. */
export type StackRow =
  | { readonly index: number; readonly frame: StackFrame; readonly isOurs: boolean }
  | { readonly foreign: readonly number[] };

/** Frames in a row of packages and of Node that are shown one by one. */
const FEW = 2;

export const isOurs = ({ file }: StackFrame): boolean => !/^node:|(^|\/)node_modules\//.test(file);

/** @param opened first frames of what is shown although it is long and foreign */
export function stackRows(stack: readonly StackFrame[], opened: ReadonlySet<number>): readonly StackRow[] {
  const rows: StackRow[] = [];
  for (let index = 0; index < stack.length;) {
    const frame = stack[index]!;
    const end = stack.findIndex((other, at) => at > index && isOurs(other));
    const length = isOurs(frame) ? 1 : (end === -1 ? stack.length : end) - index;
    const indices = Array.from({ length }, (_, at) => index + at);
    if (length > FEW && !opened.has(index)) rows.push({ foreign: indices });
    else rows.push(...indices.map((at) => ({ index: at, frame: stack[at]!, isOurs: isOurs(stack[at]!) })));
    index += length;
  }
  return rows;
}
