import type { Capture } from '@dormouse/protocol';
import { intrinsics } from '@dormouse/expression/inspect';
import { slot, type LogEntry } from './slot.js';
import { writeToStdout } from './stdout.js';

const { isPromise } = intrinsics;
const then = intrinsics.uncurry(Promise.prototype.then);

/**
 * Writes a captured log where the process writes its own. Should the logger's code be probed itself, its hits are
 * counted as such and not captured: this runs within a hit.
 * @throws whatever the logger throws, or where stdout takes no more
 */
export function writeLog({ probe, message = '', level = 'info', traceId, spanId }: Capture): void {
  const entry: LogEntry = {
    level,
    message,
    fields: {
      'dormouse.probe': probe,
      ...(traceId !== undefined && { trace_id: traceId }),
      ...(spanId !== undefined && { span_id: spanId }),
    },
  };
  const { write = writeToStdout } = slot;
  const result: unknown = write(entry);
  // A function that is async: nobody else would hear that it failed, and the process would end.
  if (isPromise(result)) then(result, undefined, () => {});
}
