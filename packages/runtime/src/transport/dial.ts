import type { ClientRequest } from 'node:http';
import { LIMITS } from '@dormouse/protocol';
import { WebSocket, type ClientOptions } from 'ws';
import type { CollectorAddress } from '../config/config.js';
import { checkPinned } from './pin.js';
import { tunnelThrough } from './tunnel.js';

const HANDSHAKE_MS = 10_000;

/** How long a closing connection may take; `ws` waits 30 s and keeps the process alive meanwhile. */
const CLOSE_MS = 1_000;

/** Begins to connect. The socket does not keep the process alive. */
export function dial({ url, token, ca, pins, proxy }: CollectorAddress): WebSocket {
  const options = {
    headers: { authorization: `Bearer ${token}` },
    // Messages are compressed where they are encoded: at once, so also when the process exits.
    perMessageDeflate: false,
    maxPayload: LIMITS.messageBytes,
    handshakeTimeout: HANDSHAKE_MS,
    closeTimeout: CLOSE_MS,
    finishRequest(request: ClientRequest) {
      request.on('socket', (socket) => socket.unref());
      request.end();
    },
    ...(ca !== undefined && { ca }),
    ...(pins !== undefined && { checkServerIdentity: checkPinned(pins) }),
    ...(proxy !== undefined && { createConnection: tunnelThrough(proxy, url.startsWith('wss:')) }),
  };
  // The types of `ws` know neither `closeTimeout` nor what Node makes of the last two.
  return new WebSocket(url, options as unknown as ClientOptions);
}
