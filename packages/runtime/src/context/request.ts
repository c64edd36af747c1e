import { attempt } from './attempt.js';
import { AttributeList, type GivenAttributes } from './attributes.js';
import { parseBaggage } from './baggage.js';
import { NO_ATTRIBUTES, slot, type Attributes, type RequestContext } from './slot.js';
import { parseTraceparent } from './traceparent.js';

/** A request's headers as Node gives them: names in lower case. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface RequestContextOptions<Request> {
  /**
   * What probes may know of a request, such as its user and tenant. Called as it begins, while a probe waits for
   * requests; what is only known later, {@link setContext} adds. An error it throws leaves the request without attributes.
   */
  readonly attributes?: (request: Request) => GivenAttributes;
}

/** The request that begins; undefined while no probe wants to know it. Never throws. */
export function openRequest<Request>(
  headers: Headers,
  request: Request,
  { attributes }: RequestContextOptions<Request>,
): RequestContext | undefined {
  if (slot.wanted === 0) return undefined;
  const baggage = attempt(() => parseBaggage(headerText(headers['baggage']))) ?? NO_ATTRIBUTES;
  return {
    trace: attempt(() => parseTraceparent(headerText(headers['traceparent']))),
    attributes: attempt(() => attributes && merge(baggage, attributes(request))) ?? baggage,
  };
}

/** Calls `run` in a request, and returns what it returns. */
export const runIn = <Result>(request: RequestContext | undefined, run: () => Result): Result =>
  request === undefined ? run() : slot.requests.run(request, run);

/**
 * Adds attributes to the request that is being handled, or where there is none to whatever this function does from here
 * on. While no probe waits for requests it does nothing.
 * @param attributes strings, numbers, booleans and bigints, at most 64 of 256 characters each
 */
export function setContext(attributes: GivenAttributes): void {
  if (slot.wanted === 0) return;
  attempt(() => {
    const request = slot.requests.getStore();
    if (request !== undefined) request.attributes = merge(request.attributes, attributes);
    else
      slot.requests.enterWith({
        trace: undefined,
        attributes: merge(NO_ATTRIBUTES, attributes),
        isEntered: true,
      });
  });
}

/**
 * Calls `run` with these attributes, added to those of the request that is being handled; for what is no request, such as
 * a message of a queue. While no probe waits for requests it only calls `run`.
 * @param attributes strings, numbers, booleans and bigints, at most 64 of 256 characters each
 * @returns what `run` returns
 */
export function withContext<Result>(attributes: GivenAttributes, run: () => Result): Result {
  if (slot.wanted === 0) return run();
  const request = attempt(() => {
    const outer = slot.requests.getStore();
    return {
      trace: outer?.trace,
      attributes: merge(outer?.attributes ?? NO_ATTRIBUTES, attributes),
      partOf: outer?.isEntered ? undefined : (outer?.partOf ?? outer),
    };
  });
  return runIn(request, run);
}

/** What is given takes the place of what is known, and the room: a caller's baggage never crowds out the program. */
function merge(known: Attributes, given: GivenAttributes): Attributes {
  const list = new AttributeList();
  list.addAll(given);
  list.addAll(known);
  return list.attributes;
}

/** What is said twice is a list to be read as one. */
const headerText = (header: string | readonly string[] | undefined): string =>
  header === undefined || typeof header === 'string' ? (header ?? '') : header.join(',');
