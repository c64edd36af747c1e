import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { setTimeout as pause } from 'node:timers/promises';
import {
  AGENT_PATH,
  type AgentMessage,
  type Capture,
  type CapturesMessage,
  type CollectorMessage,
  type HelloMessage,
  type ProbeCommand,
  type ProbeReport,
} from '@dormouse/protocol';
import { Packr } from 'msgpackr';
import { WebSocketServer, type WebSocket } from 'ws';

export const TOKEN = 'agent-token';

/** A collector of a few lines that speaks the real protocol over a real socket. */
export interface TestCollector {
  readonly url: string;
  readonly port: number;
  readonly messages: AgentMessage[];
  /** Connections opened so far, and the one open now. */
  readonly connections: WebSocket[];
  /** Attempts with another token. */
  readonly turnedAway: number;
  /** Sockets that were opened to it, whatever was spoken on them. */
  readonly dialled: number;
  /** Every capture in its order of arrival, repetitions included. */
  readonly captures: Capture[];
  /** The newest report of each probe. */
  readonly reports: Map<string, ProbeReport>;
  hello(): HelloMessage | undefined;
  /** Sends the whole wanted state, now and to agents that connect later. */
  want(...probes: ProbeCommand[]): void;
  send(message: CollectorMessage): void;
  sendRaw(bytes: Uint8Array | string): void;
  /** Waits until it holds; fails with what was seen after `ms`. */
  until(holds: () => boolean, ms?: number): Promise<void>;
  /** Ends all connections without a word, as a killed collector does; the port is free afterwards. */
  kill(): Promise<void>;
  /** Listens again where it was killed; it has forgotten nothing. */
  restart(): Promise<void>;
}

export interface TestCollectorOptions {
  readonly port?: number;
  readonly manifestNeeded?: boolean;
  /** Speaks `wss:` with this key and certificate, PEM. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Whether batches are acknowledged. */
  readonly stores?: boolean;
  /** Whether a hello is answered. */
  readonly welcomes?: boolean;
  /** Instead of `welcome`. */
  readonly refusal?: { readonly code: string; readonly message: string };
}

const packr = new Packr({ useRecords: false });

/** gzip begins with 0x1f, no message does. */
export const unpack = (bytes: Uint8Array): AgentMessage =>
  packr.unpack(bytes[0] === 0x1f ? gunzipSync(bytes) : bytes) as AgentMessage;

export async function startCollector(options: TestCollectorOptions = {}): Promise<TestCollector> {
  const server = options.tls === undefined ? createServer() : createSecureServer({ ...options.tls });
  const sockets = new WebSocketServer({ noServer: true });
  const messages: AgentMessage[] = [];
  const connections: WebSocket[] = [];
  const captures: Capture[] = [];
  const reports = new Map<string, ProbeReport>();
  let wanted: readonly ProbeCommand[] = [];
  let revision = 0;
  let turnedAway = 0;
  let dialled = 0;

  const current = (): WebSocket | undefined => connections.findLast((socket) => socket.readyState === 1);
  const send = (message: CollectorMessage, to = current()): void => to?.send(packr.pack(message));
  const sendWanted = (to?: WebSocket): void =>
    send({ type: 'probes', revision: ++revision, probes: wanted }, to);

  function answer(message: AgentMessage, agent: WebSocket): void {
    if (message.type === 'hello') {
      if (options.welcomes === false) return;
      if (options.refusal !== undefined) {
        send({ type: 'refused', ...options.refusal }, agent);
        return;
      }
      send({ type: 'welcome', manifestNeeded: options.manifestNeeded ?? false }, agent);
      sendWanted(agent);
    } else if (message.type === 'captures') {
      captures.push(...message.captures);
      if (options.stores !== false) send({ type: 'stored', batch: message.batch }, agent);
    } else if (message.type === 'status') {
      for (const report of message.reports) reports.set(report.id, report);
    }
  }

  server.on('connection', () => dialled++);
  server.on('upgrade', (request: IncomingMessage, socket, head) => {
    const isAgent = request.url === AGENT_PATH && request.headers.authorization === `Bearer ${TOKEN}`;
    if (!isAgent) {
      turnedAway++;
      // A process that is killed resets its connection.
      socket.on('error', () => {});
      socket.end('HTTP/1.1 401 Unauthorized\r\nconnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (connection) => {
      connections.push(connection);
      connection.on('message', (data) => {
        const message = unpack(data as Buffer);
        messages.push(message);
        answer(message, connection);
      });
    });
  });
  const listen = (to: number): Promise<void> =>
    new Promise((resolve) => server.listen(to, '127.0.0.1', resolve));
  await listen(options.port ?? 0);
  const { port } = server.address() as AddressInfo;

  return {
    url: `${options.tls === undefined ? 'ws' : 'wss'}://127.0.0.1:${port}`,
    port,
    messages,
    connections,
    get turnedAway() {
      return turnedAway;
    },
    get dialled() {
      return dialled;
    },
    captures,
    reports,
    hello: () => messages.findLast((message) => message.type === 'hello'),
    want(...probes) {
      wanted = probes;
      sendWanted();
    },
    send,
    sendRaw: (bytes) => current()?.send(bytes),
    async until(holds, ms = 20_000) {
      const deadline = performance.now() + ms;
      while (!holds()) {
        if (performance.now() > deadline) {
          const seen = JSON.stringify([messages.map(({ type }) => type), ...reports.values()]);
          throw new Error(`not within ${ms} ms: ${holds.toString()}\nseen: ${seen}`);
        }
        await pause(5);
      }
    },
    async kill() {
      for (const connection of sockets.clients) connection.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
    restart: () => listen(port),
  };
}

/** Batches in their order of arrival, repetitions included. */
export const batches = (collector: TestCollector): CapturesMessage[] =>
  collector.messages.filter((message) => message.type === 'captures');
