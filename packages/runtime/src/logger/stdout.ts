import { createObject, isoTime } from '../intrinsics.js';
import { process } from '../process.js';
import type { LogEntry } from './slot.js';

const STDOUT = 1;

const { stringify } = JSON;
const { writeSync: write } = process.getBuiltinModule('node:fs');

/** Whether the last line was written in part: a pipe that does not block takes no more than it has room for. */
let isCut = false;

/**
 * Writes a line of JSON to the descriptor behind the console's stream, not to the stream: that would run the program's code
 * where it is patched, and throw an `error` event at the program where the reader has gone away.
 * @throws where it could not be written
 */
export function writeToStdout({ level, message, fields }: LogEntry): void {
  // Without a prototype: no `toJSON` that the program gave to all objects is asked.
  const line = createObject(null) as Record<string, unknown>;
  line['time'] = isoTime();
  line['level'] = level;
  line['message'] = message;
  line['dormouse.probe'] = fields['dormouse.probe'];
  line['trace_id'] = fields.trace_id;
  line['span_id'] = fields.span_id;
  writeWhole(`${isCut ? '\n' : ''}${stringify(line)}\n`);
}

function writeWhole(text: string): void {
  const bytes = encode(text);
  for (let written = 0; written < bytes.length;) {
    written += write(STDOUT, bytes, written);
    isCut = written < bytes.length;
  }
}

const encode = TextEncoder.prototype.encode.bind(new TextEncoder());
