import { type Capture, type ProbeCommand, type ProbeKind } from '@dormouse/protocol';
import { openCapture } from '../capture/session.js';
import { currentContext } from '../context/current.js';
import { NO_ATTRIBUTES, type Attributes } from '../context/slot.js';
import { createObject, keys } from '../intrinsics.js';
import { ATTRIBUTE_LIMITS } from './attribute-value.js';
import { logText } from './text.js';

/** Kinds whose captures say which request they are of. */
const SHOWN: ReadonlySet<ProbeKind> = new Set(['snapshot', 'log', 'check', 'span', 'tag']);

/** Whether a probe has to know the requests of its hits. */
export const needsContext = (command: ProbeCommand): boolean =>
  SHOWN.has(command.kind) || command.context !== undefined || JSON.stringify(command).includes('"$ctx"');

/** The request that a hit belongs to, for its capture: attributes are redacted as variables of these names are. */
export function correlate(): Pick<Capture, 'traceId' | 'spanId' | 'context'> {
  const { trace, attributes } = currentContext();
  if (trace === undefined && attributes === NO_ATTRIBUTES) return {};
  return { ...trace, ...(attributes !== NO_ATTRIBUTES && { context: redacted(attributes) }) };
}

function redacted(attributes: Attributes): Attributes {
  const shown = createObject(null) as Record<string, string>;
  const session = openCapture(ATTRIBUTE_LIMITS);
  const names = keys(attributes);
  for (let index = 0; index < names.length; index++) {
    const name = names[index] as string;
    const { key, value } = session.variable(name, attributes[name]);
    shown[key] = logText(value);
  }
  return shown;
}
