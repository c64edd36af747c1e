import { activeRecordingSpan, setAttributes } from '../../context/opentelemetry.js';
import { createObject } from '../../intrinsics.js';
import { readAttributes, compileAttributes, type AttributesInTheMaking } from '../attributes.js';
import { fillFrame, type Frame } from '../frame.js';
import { plugAt } from '../plug.js';
import type { OpenKind } from './kind.js';

/** Sets attributes of the program's active span, at every hit that its rate allows, and shows the first of them. */
export const openTag: OpenKind = (gate) => {
  const { command, layout, account } = gate;
  const attributes = compileAttributes(command.attributes ?? [], layout);

  function tag(frame: Frame): void {
    const startedAt = gate.admit();
    if (startedAt === undefined) return;
    const span = activeRecordingSpan();
    if (span === undefined) {
      account.skipped.noSpan++;
      return;
    }
    fillFrame(frame, layout, account.seen);
    const values = createObject(null) as AttributesInTheMaking;
    const isComplete = readAttributes(attributes, frame, values);
    setAttributes(span, values);
    if (!gate.isSpent) {
      gate.show({ fields: { attributes: values }, incomplete: !isComplete }, startedAt);
    }
  }

  return { plugs: [plugAt(command.place, layout, (frame, below) => gate.pass(frame, below, tag))] };
};
