import { LIMITS, type CaptureLimits, type ProbeCommand } from '@dormouse/protocol';
import { intrinsics } from '@dormouse/expression/inspect';
import { openCapture, type CaptureSession } from '../capture/session.js';
import { redactText } from '@dormouse/expression/secrets';
import { byteLength, slice } from '../intrinsics.js';
import { errorText } from './error-text.js';
import type { TakeEvidence } from './evidence.js';
import type { FrameLayout } from './frame.js';
import { compileProgram, type Program } from './program.js';
import { logText } from './text.js';

/** A log is one line to read: whatever a snapshot may show, a value inside it stays small. */
const LOG_LIMITS = { depth: 2, fields: 20, items: 20 };

/** Characters after which nothing more is rendered: more than is sent, so that no secret is cut before it is redacted. */
const ENOUGH = 2 * LIMITS.messageLength;

/** Of what is not the message. */
const LINE_BYTES = 200;

const { isObject } = intrinsics;

/**
 * The rendered template. What has no value appears as `<error: why>` in its place.
 * @throws where one of the template's expressions is not valid
 */
export function createLogWriter(command: ProbeCommand, layout: FrameLayout): TakeEvidence {
  const parts = (command.template ?? []).map((part) =>
    typeof part === 'string' ? part : compileProgram(part, layout),
  );
  const limits = lowerLimits(command.capture);
  const { level, place } = command;

  return (frame) => {
    let text = '';
    let incomplete = false;
    let ofPlainValues: CaptureSession | undefined;
    for (let index = 0; index < parts.length && text.length <= ENOUGH; index++) {
      const part = parts[index] as string | Program;
      if (typeof part === 'string') {
        text += part;
        continue;
      }
      try {
        const value = part.evaluate(frame);
        // Objects have a session each, so that one that is named twice is written twice.
        const session = isObject(value) ? openCapture(limits) : (ofPlainValues ??= openCapture(limits));
        text += logText(session.value(value));
        incomplete ||= session.incomplete;
      } catch (error) {
        text += `<error: ${errorText(error)}>`;
        incomplete = true;
      }
    }
    // Redacted before it is cut: half a secret matches no pattern.
    const message = redactText(text);
    const fits = message.length <= LIMITS.messageLength;
    return {
      fields: {
        ...(place.on !== 'line' && { on: place.on }),
        message: fits ? message : `${slice(message, 0, LIMITS.messageLength - 1)}…`,
        level,
      },
      incomplete: incomplete || !fits,
      bytes: LINE_BYTES + byteLength(message),
    };
  };
}

const lowerLimits = (limits: CaptureLimits): CaptureLimits => ({
  ...limits,
  depth: Math.min(limits.depth, LOG_LIMITS.depth),
  fields: Math.min(limits.fields, LOG_LIMITS.fields),
  items: Math.min(limits.items, LOG_LIMITS.items),
});
