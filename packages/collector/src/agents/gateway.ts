import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { AGENT_PATH, LIMITS } from '@dormouse/protocol';
import { WebSocketServer, type WebSocket } from 'ws';
import { ASK_AGAIN_MS, type Doorkeeper } from '../auth/doorkeeper.js';
import { CollectorError } from '../collector-error.js';
import type { Core } from '../core.js';
import type { Environments } from '../environments/environments.js';
import type { TrustedProxies } from '../http/trusted-proxies.js';
import { isViewers } from '../http/viewers.js';
import type { Log } from '../log.js';
import { CLOSE } from './closing.js';
import { AgentConnection } from './connection.js';

/** Pings per silence that counts as lost: one lost packet must not end a connection. */
const PINGS_PER_SILENCE = 3;
/** How often the database learns when the connected agents were last heard of, ms. */
const SAVE_LAST_SEEN_MS = 60_000;
/** Time that agents get to answer a close, ms. */
const CLOSE_WITHIN_MS = 2_000;

export interface Gateway {
  /** Closes every connection; agents try again by themselves. */
  close(): Promise<void>;
}

interface GatewayParts {
  readonly doorkeeper: Doorkeeper;
  readonly environments: Environments;
  readonly trustedProxies: TrustedProxies;
  readonly log: Log;
}

/** Lets agents in at {@link AGENT_PATH}. */
export function openGateway(
  server: Server,
  { doorkeeper, environments, trustedProxies, log }: GatewayParts,
): Gateway {
  /** With the `Authorization` header that each came in with. */
  const connections = new Map<AgentConnection, string | undefined>();
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: LIMITS.messageBytes,
  });

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (isViewers(request)) return;
    socket.on('error', () => socket.destroy());
    const address = trustedProxies.addressOf(request);
    admit(request, address).then(
      (core) =>
        sockets.handleUpgrade(request, socket, head, (webSocket) => {
          join(core, request.headers.authorization, webSocket, address);
        }),
      (error: unknown) => answerError(socket, error, address, log),
    );
  });

  async function admit(request: IncomingMessage, address: string): Promise<Core> {
    checkPath(request);
    const { authorization } = request.headers;
    const { binding } = await doorkeeper.admitAgent({ authorization, address });
    return environments.core(binding.place);
  }

  function join(core: Core, authorization: string | undefined, webSocket: WebSocket, address: string): void {
    const connection = new AgentConnection(core, webSocket, address);
    connections.set(connection, authorization);
    void connection.finished.then(() => connections.delete(connection));
  }

  const heartbeat = setInterval(() => {
    for (const connection of connections.keys()) connection.checkAlive();
  }, LIMITS.heartbeatMs / PINGS_PER_SILENCE);

  const saving = setInterval(() => {
    environments.eachOpen(savePresence).catch((err: unknown) => log.error({ err }, 'presence not saved'));
  }, SAVE_LAST_SEEN_MS);

  const asking = setInterval(() => {
    closeUnwelcome().catch((err: unknown) => log.error({ err }, 'tokens could not be looked at'));
  }, ASK_AGAIN_MS);

  async function closeUnwelcome(): Promise<void> {
    for (const authorization of new Set(connections.values())) {
      if (await doorkeeper.maintains({ authorization })) continue;
      for (const [connection, its] of connections) {
        if (its === authorization) connection.close(CLOSE.policy, 'the token was revoked, or has expired');
      }
    }
  }

  return {
    async close() {
      // From now on nobody is let in any more, not even who stands at the door already.
      sockets.close();
      clearInterval(heartbeat);
      clearInterval(asking);
      clearInterval(saving);
      for (const connection of connections.keys())
        connection.close(CLOSE.goingAway, 'the collector is stopping');
      const deadline = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate();
      }, CLOSE_WITHIN_MS);
      await Promise.all(Array.from(connections.keys(), (connection) => connection.finished));
      clearTimeout(deadline);
    },
  };
}

/** Processes and builds count as seen while they are connected, so that retention leaves them alone. */
async function savePresence({ fleet, builds }: Core): Promise<void> {
  await fleet.saveLastSeen();
  const running = new Map(
    fleet.live().map(({ identity: { service, buildId } }) => [`${service} ${buildId}`, { service, buildId }]),
  );
  for (const { service, buildId } of running.values()) {
    if (buildId !== undefined) await builds.link(service, buildId);
  }
}

function checkPath(request: IncomingMessage): void {
  const path = request.url?.split('?', 1)[0];
  if (path !== AGENT_PATH) {
    throw new CollectorError('NOT_FOUND', `Agents connect to ${AGENT_PATH}, not to ${path}.`);
  }
}

/** Before a WebSocket stands, an error is an ordinary HTTP answer. */
function answerError(socket: Duplex, error: unknown, address: string, log: Log): void {
  if (!(error instanceof CollectorError)) log.error({ err: error }, 'upgrade failed');
  const known =
    error instanceof CollectorError
      ? error
      : new CollectorError('INTERNAL', 'The collector failed; its log has the details.');
  if (known.code === 'UNAUTHENTICATED') log.warn({ address }, 'no valid token');
  const body = JSON.stringify(known.body);
  // Whoever does not close his side would keep the connection for ever.
  socket.once('finish', () => socket.destroy());
  socket.end(
    [
      `HTTP/1.1 ${known.status} ${STATUS_CODES[known.status]}`,
      'connection: close',
      'content-type: application/json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
}
