import { ServerResponse, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { API_PREFIX } from '@dormouse/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { WebSocketServer, type WebSocket } from 'ws';

/** Where WebSockets of viewers begin: the same route as for those who read events. */
export const STREAM_PATH = `${API_PREFIX}/stream`;

/** Viewers only listen; a word of theirs is no larger, bytes. */
const MOST_HEARD = 1_024;

const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MOST_HEARD });

/** What came with the request for a WebSocket, while nobody has answered it. */
const asked = new WeakMap<IncomingMessage, { readonly socket: Duplex; readonly head: Buffer }>();

/** Whether a request for a WebSocket is a viewer's. */
export const isViewers = ({ url = '' }: IncomingMessage): boolean => url.split('?', 1)[0] === STREAM_PATH;

/** Lets requests of viewers for a WebSocket take the way of every request: they are identified, checked, limited and recorded alike. */
export function routeViewers(app: FastifyInstance): void {
  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (!isViewers(request)) return;
    socket.on('error', () => socket.destroy());
    asked.set(request, { socket, head });
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket as Socket);
    // Whoever is refused and does not close his side would keep the connection for ever.
    response.on('finish', () => socket.once('finish', () => socket.destroy()).end());
    app.routing(request, response);
  });
}

export const wantsWebSocket = ({ raw }: FastifyRequest): boolean => asked.has(raw);

/** Answers a request for a WebSocket with one. The reply is the caller's no longer. */
export function openWebSocket({ raw }: FastifyRequest, reply: FastifyReply): Promise<WebSocket> {
  const { socket, head } = asked.get(raw)!;
  reply.hijack();
  reply.raw.detachSocket(socket as Socket);
  return new Promise((resolve) => sockets.handleUpgrade(raw, socket, head, resolve));
}
