import type { NamedExpression, SpanAttributes } from '@dormouse/protocol';
import { openCapture } from '../capture/session.js';
import { ATTRIBUTE_LIMITS, attributeValue } from './attribute-value.js';
import { errorText } from './error-text.js';
import type { Frame, FrameLayout } from './frame.js';
import { compileProgram, type Program } from './program.js';

/** An attribute of a span, and what gives it its value. */
export interface AttributeProgram {
  readonly name: string;
  readonly program: Program;
}

/** @throws where one of the expressions is not valid */
export const compileAttributes = (
  attributes: readonly NamedExpression[],
  layout: FrameLayout,
): AttributeProgram[] =>
  attributes.map(({ name, expression }) => ({ name, program: compileProgram(expression, layout) }));

export type AttributesInTheMaking = { -readonly [Name in keyof SpanAttributes]: SpanAttributes[Name] };

/**
 * Adds the attributes' values, redacted. What has none appears as `<error: why>` in its place.
 * @param frame filled
 * @returns whether nothing was left out
 */
export function readAttributes(
  attributes: readonly AttributeProgram[],
  frame: Frame,
  into: AttributesInTheMaking,
): boolean {
  let isComplete = true;
  for (let index = 0; index < attributes.length; index++) {
    const { name, program } = attributes[index] as AttributeProgram;
    try {
      const session = openCapture(ATTRIBUTE_LIMITS);
      into[name] = attributeValue(session.variable(name, program.evaluate(frame)).value);
      if (session.incomplete) isComplete = false;
    } catch (error) {
      into[name] = `<error: ${errorText(error)}>`;
      isComplete = false;
    }
  }
  return isComplete;
}
