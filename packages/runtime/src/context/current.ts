import { AsyncLocalStorage } from 'node:async_hooks';
import { intrinsics } from '@dormouse/expression/inspect';
import { activeContext, baggageOf, idsOf, spanOf } from './opentelemetry.js';
import { NO_ATTRIBUTES, slot, type Attributes, type RequestContext, type TraceIds } from './slot.js';

/** The request that a hit belongs to, as far as it is known. */
export interface CurrentContext {
  readonly trace: TraceIds | undefined;
  /** What its baggage says, and over that the program. */
  readonly attributes: Attributes;
}

const getStore = intrinsics.uncurry(AsyncLocalStorage.prototype.getStore) as (
  storage: AsyncLocalStorage<RequestContext>,
) => RequestContext | undefined;

/** For the hit path. Never throws. */
export function currentContext(): CurrentContext {
  const request = getStore(slot.requests);
  const telemetry = activeContext();
  const span = telemetry && spanOf(telemetry);
  return {
    trace: (span && idsOf(span)) ?? request?.trace,
    attributes: join(
      telemetry === undefined ? NO_ATTRIBUTES : baggageOf(telemetry),
      request?.baggage ?? NO_ATTRIBUTES,
      request?.attributes ?? NO_ATTRIBUTES,
    ),
  };
}

/** The attributes, and `traceId` and `spanId` over them: what expressions and targets read. */
export function namedContext(): Attributes {
  const { trace, attributes } = currentContext();
  return trace === undefined
    ? attributes
    : ({ __proto__: null, ...attributes, ...trace } as unknown as Attributes);
}

/** Most requests have attributes of one kind. */
function join(outer: Attributes, caller: Attributes, program: Attributes): Attributes {
  if (outer === NO_ATTRIBUTES && caller === NO_ATTRIBUTES) return program;
  return { __proto__: null, ...outer, ...caller, ...program } as unknown as Attributes;
}
