import type { Capture, ProbeCommand, ProbeKind } from '@dormouse/protocol';
import { redaction, type Redaction } from '@dormouse/expression/redaction';
import { openCapture } from '../capture/session.js';
import { currentContext } from '../context/current.js';
import { NO_ATTRIBUTES, type Attributes } from '../context/slot.js';
import { createObject, keys } from '../intrinsics.js';
import { WeakMemo } from '../weak-memo.js';
import { ATTRIBUTE_LIMITS } from './attribute-value.js';
import { logText } from './text.js';

/** Kinds whose captures say which request they are of. */
const SHOWN: ReadonlySet<ProbeKind> = new Set(['snapshot', 'log', 'check', 'span', 'tag', 'path']);

/** Whether a probe has to know the requests of its hits. */
export const needsContext = (command: ProbeCommand): boolean =>
  SHOWN.has(command.kind) ||
  command.context !== undefined ||
  command.within === 'request' ||
  JSON.stringify(command).includes('"$ctx"');

/** The request that a hit belongs to, for its capture: attributes are redacted as variables of these names are. */
export function correlate(): Pick<Capture, 'traceId' | 'spanId' | 'context'> {
  const { trace, attributes, baggage } = currentContext();
  const context = shownContext(attributes, baggage);
  if (trace === undefined) return context === undefined ? NOTHING : { context };
  const { traceId, spanId } = trace;
  return context === undefined ? { traceId, spanId } : { traceId, spanId, context };
}

const NOTHING = {};

function shownContext(attributes: Attributes, baggage: Attributes): Attributes | undefined {
  if (baggage !== NO_ATTRIBUTES) return { ...redacted(baggage), ...redacted(attributes) };
  return attributes === NO_ATTRIBUTES ? undefined : redacted(attributes);
}

interface Redacted {
  readonly rules: Redaction;
  readonly attributes: Attributes;
}

/** A request has many hits. */
const known = new WeakMemo<Attributes, Redacted>();

function redacted(attributes: Attributes): Attributes {
  const rules = redaction();
  const before = known.get(attributes);
  if (before?.rules === rules) return before.attributes;
  const shown = createObject(null) as Record<string, string>;
  const session = openCapture(ATTRIBUTE_LIMITS);
  const names = keys(attributes);
  for (let index = 0; index < names.length; index++) {
    const name = names[index] as string;
    const { key, value } = session.variable(name, attributes[name]);
    shown[key] = logText(value);
  }
  known.set(attributes, { rules, attributes: shown });
  return shown;
}
