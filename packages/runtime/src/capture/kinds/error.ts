import type { ErrorValue } from '@dormouse/protocol';
import { ABSENT, ACCESSOR, readOwn, readProperty } from '@dormouse/expression/inspect';
import { captureClassName } from '../class-name.js';
import type { Draft, Kind, Walker } from '../kind.js';
import { captureProperties } from '../properties.js';
import { partText } from '../text.js';

/** Characters of a stack's text. */
const STACK_LENGTH = 8_192;

export const errorKind: Kind<ErrorValue> = {
  start: (error, walker) => ({
    type: 'error',
    class: captureClassName(error, walker) ?? 'Error',
    message: messageOf(error, walker),
    properties: [],
  }),
  open: openError,
};

function messageOf(error: object, walker: Walker): string {
  const message = readProperty(error, 'message');
  if (typeof message !== 'string') return '';
  const text = partText(message, walker.limits.stringLength);
  walker.budget.spendText(text);
  return text;
}

function openError(error: object, draft: Draft<ErrorValue>, walker: Walker, level: number): void {
  captureHeader(error, draft, walker);
  const cause = readOwn(error, 'cause');
  if (cause !== ABSENT && cause !== ACCESSOR) draft.cause = walker.look(cause, level + 1);
  captureErrors(error, draft, walker, level);
  captureProperties(error, draft, walker, level, isShownElsewhere);
}

/** Message and stack are left out where only the program's code could write them; a property then says so. */
function captureHeader(error: object, draft: Draft<ErrorValue>, walker: Walker): void {
  if (typeof readProperty(error, 'message') === 'symbol') captureAccessor('message', draft, walker);
  const stack = readOwn(error, 'stack');
  if (typeof stack === 'string') {
    draft.stack = partText(stack, STACK_LENGTH);
    walker.budget.spendText(draft.stack);
  } else if (stack === ACCESSOR) {
    captureAccessor('stack', draft, walker);
  }
}

function captureAccessor(key: string, draft: Draft<ErrorValue>, walker: Walker): void {
  draft.properties[draft.properties.length] = { key, value: walker.count({ type: 'accessor' }) };
}

/** An AggregateError's errors are not enumerable. */
function captureErrors(error: object, draft: Draft<ErrorValue>, walker: Walker, level: number): void {
  const errors = readOwn(error, 'errors');
  if (errors === ABSENT || errors === ACCESSOR) return;
  draft.properties[draft.properties.length] = { key: 'errors', value: walker.look(errors, level + 1) };
}

const isShownElsewhere = (name: string): boolean =>
  name === 'stack' || name === 'message' || name === 'cause' || name === 'errors';
