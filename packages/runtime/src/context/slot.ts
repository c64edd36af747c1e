import { AsyncLocalStorage } from 'node:async_hooks';
import { createObject } from '../intrinsics.js';
import { sharedSlot } from '../shared-slot.js';

/** Attributes of a request by name. They have no prototype, so that no name means anything else. */
export type Attributes = Readonly<Record<string, string>>;

export const NO_ATTRIBUTES: Attributes = Object.freeze(createObject(null) as Attributes);

/** W3C ids. */
export interface TraceIds {
  readonly traceId: string;
  readonly spanId: string;
}

/** A request that the program handles. */
export interface RequestContext {
  /** The caller's span. */
  readonly trace: TraceIds | undefined;
  /** What the caller's baggage says of it, and over that the program. Never changed, only replaced. */
  attributes: Attributes;
  /** The one around it, of which it is a part. */
  readonly partOf?: RequestContext | undefined;
  /**
   * Entered in the midst of things, where no request was known. It may come to last longer than what it was meant for, so
   * nothing that is begun in it is a part of it, and a trace tells better which request is handled.
   */
  readonly isEntered?: true;
}

/** The same for all that is done for one request, and for nothing else: its context, or the id of its trace. */
export type RequestIdentity = RequestContext | string;

/** What the program, which knows its requests, and the agent, which wants to know them, share. */
interface ContextSlot {
  /** Probes that need the requests of their hits. While it is 0 no request is followed. */
  wanted: number;
  readonly requests: AsyncLocalStorage<RequestContext>;
}

export const slot: ContextSlot = sharedSlot('dormouse.context.1', () => ({
  wanted: 0,
  requests: new AsyncLocalStorage(),
}));

/**
 * Has requests followed from their next begin on.
 * @returns lets go of it; with the last one the process follows none, at no cost
 */
export function wantContext(): () => void {
  slot.wanted++;
  let isWanted = true;
  return () => {
    if (!isWanted) return;
    isWanted = false;
    if (--slot.wanted === 0) slot.requests.disable();
  };
}
