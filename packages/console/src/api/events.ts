import type { Api, Query } from './api.js';
import { readEvents } from './server-sent-events.js';
import { openSocket } from './socket.js';

/** Something that has happened, as the collector tells it. */
export interface Told {
  readonly event: string;
  readonly data: unknown;
  /** Where to go on after it. */
  readonly cursor?: string;
}

/**
 * Opens the stream of what happens: by a WebSocket, because a browser has six connections for all the requests of all its pages
 * to one collector, and an event stream would take one of them for as long as the page is open. Where something in between lets no
 * WebSocket through, or the collector refuses, by an event stream, which says why.
 * @throws {Refusal} and a TypeError where nobody answers
 */
export async function openEvents(api: Api, query: Query, signal: AbortSignal): Promise<AsyncIterable<Told>> {
  const messages = await openSocket(api.socketUrl('/stream', query), signal);
  return messages === undefined ? bySentEvents(await api.stream(query, signal)) : byMessages(messages);
}

async function* byMessages(messages: AsyncIterable<string>): AsyncGenerator<Told> {
  for await (const message of messages) yield JSON.parse(message) as Told;
}

async function* bySentEvents({ body }: Response): AsyncGenerator<Told> {
  for await (const { event, data, id } of readEvents(body!)) {
    yield { event, data: JSON.parse(data), ...(id !== undefined && { cursor: id }) };
  }
}
