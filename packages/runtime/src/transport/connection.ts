import type { Socket } from 'node:net';
import { LIMITS, type AgentMessage, type HelloMessage } from '@dormouse/protocol';
import type { RawData, WebSocket } from 'ws';
import type { CollectorAddress } from '../config/config.js';
import type { Diagnostics } from '../diagnostics.js';
import { after, cancel, every, monotonicMs, type Timer } from '../intrinsics.js';
import { createBackoff } from './backoff.js';
import { encode } from './codec.js';
import { dial } from './dial.js';
import { readMessage, type IncomingMessage } from './incoming.js';

/** Pings in the time after which a silent connection counts as lost. */
const BEATS = 3;

/**
 * Bytes handed to the socket and not yet taken by the network; beyond it captures wait in their own queue, so that status
 * never waits behind more than this.
 */
const SEND_BUFFER_BYTES = 256 * 1_024;

/** How `ws` words an upgrade that was refused. These statuses are about the token; 429 is 401 after many attempts. */
const TOKEN_REFUSAL = /^Unexpected server response: (401|403|429)$/;

export interface ConnectionHandlers {
  hello(): HelloMessage;
  /** The collector has answered with `welcome`. */
  onOnline(manifestNeeded: boolean): void;
  onMessage(message: Exclude<IncomingMessage, { type: 'welcome' | 'refused' }>): void;
  /** An attempt failed, or an established connection ended. */
  onLost(): void;
}

/**
 * The agent's end of the wire, always on its way to `online`:
 *
 *     start ──▶ connecting ──open──▶ greeting ──welcome──▶ online
 *                  ▲  │                  │                   │
 *                  │  └──────────┬───────┴───────────────────┘  close, error, refusal, silence
 *                  │             ▼
 *                  └──pause── waiting
 *
 *     stop, from anywhere ──▶ stopped
 *
 * Neither its sockets nor its timers keep the process alive.
 */
export class Connection {
  #state: 'connecting' | 'greeting' | 'online' | 'waiting' | 'stopped' = 'waiting';
  #socket: WebSocket | undefined;
  #onlineSince = 0;
  #silentBeats = 0;
  #heartbeat: Timer | undefined;
  #pause: Timer | undefined;
  #isTokenRefused = false;

  readonly #address: CollectorAddress;
  readonly #handlers: ConnectionHandlers;
  readonly #diagnostics: Diagnostics;
  readonly #backoff = createBackoff();

  constructor(address: CollectorAddress, handlers: ConnectionHandlers, diagnostics: Diagnostics) {
    this.#address = address;
    this.#handlers = handlers;
    this.#diagnostics = diagnostics;
  }

  get isOnline(): boolean {
    return this.#state === 'online';
  }

  start(): void {
    this.#connect();
  }

  /** Lets what was sent leave, then closes for good. */
  stop(): void {
    this.#state = 'stopped';
    cancel(this.#pause);
    cancel(this.#heartbeat);
    this.#socket?.close(1_000);
  }

  send(message: AgentMessage): void {
    if (this.isOnline) this.#socket?.send(encode(message));
  }

  /** Sends a message encoded before. @returns false where it has to wait: offline, or too much is on its way */
  sendEncoded(message: Uint8Array): boolean {
    const socket = this.#socket;
    if (!this.isOnline || socket === undefined || socket.bufferedAmount > SEND_BUFFER_BYTES) return false;
    socket.send(message);
    return true;
  }

  /** What `run` sends leaves in one piece: an exit takes no second turn, in which TLS would write a second piece. */
  inOnePiece(run: () => void): void {
    const { _socket: stream } = (this.#socket ?? {}) as { readonly _socket?: Socket };
    stream?.cork();
    try {
      run();
    } finally {
      stream?.uncork();
    }
  }

  #connect(): void {
    const { guard } = this.#diagnostics;
    this.#state = 'connecting';
    const socket = dial(this.#address);
    this.#socket = socket;
    socket.on(
      'open',
      guard(() => this.#greet(socket)),
    );
    socket.on(
      'message',
      guard((data: RawData) => this.#receive(data as Buffer)),
    );
    socket.on(
      'ping',
      guard(() => this.#heard()),
    );
    socket.on(
      'pong',
      guard(() => this.#heard()),
    );
    // `close` follows every error; what went wrong is for those who ask.
    socket.on(
      'error',
      guard((error: Error) => this.#explain(error)),
    );
    socket.on(
      'close',
      guard(() => this.#lose()),
    );
  }

  /** A wrong token stays wrong until somebody changes it: that is said once. */
  #explain({ message }: Error): void {
    const { note } = this.#diagnostics;
    const { url } = this.#address;
    const status = TOKEN_REFUSAL.exec(message)?.[1];
    if (status === undefined) {
      note(`${url}: ${message}`);
    } else if (!this.#isTokenRefused) {
      this.#isTokenRefused = true;
      note(
        `the collector at ${url} refuses DORMOUSE_TOKEN (${status}): ` +
          'use the agent token (dmg_…) that it printed at its first start; still trying quietly',
      );
    }
  }

  #greet(socket: WebSocket): void {
    this.#state = 'greeting';
    this.#silentBeats = 0;
    this.#heartbeat = every(
      LIMITS.heartbeatMs / BEATS,
      this.#diagnostics.guard(() => this.#beat()),
    );
    socket.send(encode(this.#handlers.hello()));
  }

  #receive(data: Buffer): void {
    this.#heard();
    if (this.#state === 'stopped') return;
    let message: IncomingMessage;
    try {
      message = readMessage(data);
    } catch (error) {
      this.#diagnostics.note(`ignored what the collector sent: ${(error as Error).message}`);
      return;
    }
    if (message.type === 'refused') {
      this.#diagnostics.note(`the collector refused: ${message.message}`);
      this.#socket?.terminate();
    } else if (message.type === 'welcome') {
      this.#welcome(message.manifestNeeded);
    } else if (this.isOnline) {
      this.#handlers.onMessage(message);
    }
  }

  #welcome(manifestNeeded: boolean): void {
    if (this.#state !== 'greeting') return;
    this.#state = 'online';
    this.#silentBeats = 0;
    this.#onlineSince = monotonicMs();
    this.#handlers.onOnline(manifestNeeded);
  }

  /** Signs of life count once the collector has said welcome: a pong may come from one that hangs. */
  #heard(): void {
    if (this.isOnline) this.#silentBeats = 0;
  }

  /** Beats are counted rather than time: a blocked event loop is not a silent collector. */
  #beat(): void {
    if (this.#silentBeats >= BEATS) {
      this.#socket?.terminate();
      return;
    }
    this.#silentBeats++;
    this.#socket?.ping();
  }

  #lose(): void {
    cancel(this.#heartbeat);
    if (this.#state === 'stopped') return;
    // A connection that held proves the collector well; one that breaks at once has to pause longer each time.
    if (this.isOnline && monotonicMs() - this.#onlineSince > LIMITS.heartbeatMs) this.#backoff.reset();
    this.#state = 'waiting';
    this.#socket = undefined;
    this.#pause = after(
      this.#backoff.next(),
      this.#diagnostics.guard(() => this.#connect()),
    );
    this.#handlers.onLost();
  }
}
