import { AsyncLocalStorage } from 'node:async_hooks';
import { intrinsics } from '@dormouse/expression/inspect';
import { keys } from '../intrinsics.js';
import { WeakMemo } from '../weak-memo.js';
import { activeContext, baggageOf, idsOf, spanOf, type TelemetryContext } from './opentelemetry.js';
import {
  NO_ATTRIBUTES,
  slot,
  type Attributes,
  type RequestContext,
  type RequestIdentity,
  type TraceIds,
} from './slot.js';

/** The request that a hit belongs to, as far as it is known. */
export interface CurrentContext {
  readonly trace: TraceIds | undefined;
  /** What its caller and the program say of it. */
  readonly attributes: Attributes;
  /** What the baggage of the program's OpenTelemetry says: the others come first. */
  readonly baggage: Attributes;
}

const getStore = intrinsics.uncurry(AsyncLocalStorage.prototype.getStore) as (
  storage: AsyncLocalStorage<RequestContext>,
) => RequestContext | undefined;

/** For the hit path. Never throws. */
export function currentContext(): CurrentContext {
  const request = getStore(slot.requests);
  const active = activeContext();
  const telemetry = active === undefined ? NO_TELEMETRY : telemetryOf(active);
  return {
    trace: telemetry.trace ?? request?.trace,
    attributes: request === undefined ? NO_ATTRIBUTES : request.attributes,
    baggage: telemetry.baggage,
  };
}

/**
 * Which request is being handled; undefined where that is not known. What the program or a middleware opened comes before
 * the trace, in which one caller may send several requests at once.
 */
export function currentRequest(): RequestIdentity | undefined {
  const request = getStore(slot.requests);
  if (request !== undefined && !request.isEntered) return request.partOf ?? request;
  const active = activeContext();
  return (active && telemetryOf(active).trace?.traceId) ?? request;
}

/** Whether the request that is being handled has these attributes, of which `traceId` and `spanId` are two. */
export function isRequest(wanted: Attributes): boolean {
  const { trace, attributes, baggage } = currentContext();
  const names = keys(wanted);
  for (let index = 0; index < names.length; index++) {
    const name = names[index] as string;
    const value =
      name === 'traceId' || name === 'spanId' ? trace?.[name] : (attributes[name] ?? baggage[name]);
    if (value !== wanted[name]) return false;
  }
  return true;
}

/** The same as one object: `$ctx`. A request has many hits, and one such object until more is said of it. */
export function contextObject(): Attributes {
  const context = currentContext();
  const { trace, attributes, baggage } = context;
  const before = objects.get(attributes);
  if (before !== undefined && before.trace === trace && before.baggage === baggage) return before.object;
  const object = { __proto__: null, ...baggage, ...attributes, ...trace } as unknown as Attributes;
  objects.set(attributes, { ...context, object });
  return object;
}

const objects = new WeakMemo<Attributes, CurrentContext & { readonly object: Attributes }>();

interface Telemetry {
  readonly trace: TraceIds | undefined;
  readonly baggage: Attributes;
}

const NO_TELEMETRY: Telemetry = { trace: undefined, baggage: NO_ATTRIBUTES };

/** Contexts of OpenTelemetry never change, and a request has few. */
const known = new WeakMemo<TelemetryContext, Telemetry>();

function telemetryOf(context: TelemetryContext): Telemetry {
  const before = known.get(context);
  if (before !== undefined) return before;
  const span = spanOf(context);
  const telemetry = { trace: span && idsOf(span), baggage: baggageOf(context) };
  known.set(context, telemetry);
  return telemetry;
}
