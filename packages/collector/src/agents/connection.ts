import {
  LIMITS,
  PROTOCOL_VERSION,
  type AgentIdentity,
  type CollectorMessage,
  type ErrorCode,
  type Manifest,
} from '@dormouse/protocol';
import type { WebSocket } from 'ws';
import type { z } from 'zod';
import type { Core } from '../core.js';
import type { Log } from '../log.js';
import { agentMessage, anyHello, hello } from '../schemas/agent-message.js';
import { firstProblem } from '../schemas/problem.js';
import { rememberService } from '../services/services.js';
import { CLOSE, fitReason } from './closing.js';
import { decode, encode } from './codec.js';
import type { LiveAgent } from './fleet.js';
import { receiveCaptures } from './receive-captures.js';

/** Time for the hello after the connection stands, ms. */
const HELLO_WITHIN_MS = 10_000;

/** Ends a connection with a code and a reason that its agent can log. */
class Refusal extends Error {
  readonly closeCode: number;

  constructor(closeCode: number, message: string) {
    super(message);
    this.closeCode = closeCode;
  }
}

/**
 * One agent's connection: hello, then anything else, one message at a time in the order of arrival.
 *
 *     greeting ──hello──▶ joined ──▶ closed
 */
export class AgentConnection {
  readonly #core: Core;
  readonly #socket: WebSocket;
  #log: Log;
  #agent: JoinedAgent | undefined;
  #inbox: Promise<void> = Promise.resolve();
  #waiting = 0;
  #lastSeen = Date.now();
  /** The same moment on a clock that nobody sets. */
  #lastHeard = performance.now();
  readonly #greeting: NodeJS.Timeout;
  /** Settles when the connection is closed and nothing of it is being worked on any more. */
  readonly finished: Promise<void>;

  constructor(core: Core, socket: WebSocket, address: string) {
    this.#core = core;
    this.#socket = socket;
    this.#log = core.log.child({ address });
    this.#greeting = setTimeout(() => {
      this.close(CLOSE.policy, `no hello within ${HELLO_WITHIN_MS} ms`);
    }, HELLO_WITHIN_MS);

    socket.on('message', (data, isBinary) => this.#receive(data as Buffer, isBinary));
    socket.on('pong', () => this.#hear());
    socket.on('error', (error) => this.#log.warn({ reason: error.message }, 'agent connection failed'));
    this.finished = new Promise((resolve) => {
      socket.on('close', (code) => {
        void this.#inbox.then(() => this.#leave(code)).then(resolve);
      });
    });
  }

  /** ms since 1970. */
  get lastSeen(): number {
    return this.#lastSeen;
  }

  /** Asks for a sign of life; without one for too long the connection is dropped. */
  checkAlive(): void {
    if (performance.now() - this.#lastHeard > LIMITS.heartbeatMs) {
      this.#log.warn('agent was silent for too long');
      this.#socket.terminate();
    } else {
      this.#socket.ping();
    }
  }

  send(message: CollectorMessage): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > LIMITS.messageBytes) {
      this.#log.warn('agent does not read what it is told');
      this.#socket.terminate();
      return;
    }
    this.#socket.send(encode(message));
  }

  close(code: number, reason: string): void {
    this.#log.info({ code, reason }, 'closing agent connection');
    this.#socket.close(code, fitReason(reason));
  }

  #hear(): void {
    this.#lastSeen = Date.now();
    this.#lastHeard = performance.now();
  }

  /** Handles one message after the other; while some wait, the socket is not read. */
  #receive(data: Buffer, isBinary: boolean): void {
    this.#hear();
    this.#waiting++;
    this.#socket.pause();
    this.#inbox = this.#inbox
      .then(() => this.#handle(data, isBinary))
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        if (--this.#waiting === 0) this.#socket.resume();
      });
  }

  async #handle(data: Buffer, isBinary: boolean): Promise<void> {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (!isBinary) throw new Refusal(CLOSE.notBinary, 'messages are msgpack in binary frames');
    const message = readMessage(data);
    if (this.#agent === undefined) await this.#greet(message);
    else await this.#serve(this.#agent, message);
  }

  async #greet(message: unknown): Promise<void> {
    const { protocol } = check(anyHello, message, 'the first message must be a hello');
    if (protocol !== PROTOCOL_VERSION) {
      this.#refuse(
        'PROTOCOL_MISMATCH',
        `The agent speaks version ${protocol} of the protocol, this collector version ${PROTOCOL_VERSION}. ` +
          `Update the ${protocol < PROTOCOL_VERSION ? 'runtime' : 'collector'}.`,
      );
      return;
    }
    const { agent: identity } = check(hello, message, 'hello');
    clearTimeout(this.#greeting);
    await this.#join(identity);
  }

  async #join(identity: AgentIdentity): Promise<void> {
    const { db, builds, fleet } = this.#core;
    const { service, instance, buildId } = identity;
    this.#log = this.#log.child({ service, instance });
    await rememberService(db, service);
    if (buildId !== undefined) await builds.link(service, buildId);
    const known = buildId === undefined || (await builds.load(buildId)) !== undefined;

    if (this.#socket.readyState !== this.#socket.OPEN) return;

    const agent = new JoinedAgent(this.#core, this, identity);
    this.#agent = agent;
    await fleet.join(agent);
    this.#log.info({ buildId, host: identity.host, pid: identity.pid }, 'agent connected');
    this.send({ type: 'welcome', manifestNeeded: !known });
    agent.refresh();
  }

  async #serve(agent: JoinedAgent, raw: unknown): Promise<void> {
    const message = check(agentMessage, raw, 'message');
    switch (message.type) {
      case 'manifest':
        return this.#keepManifest(agent, message.manifest);
      case 'status':
        return this.#core.probes.report(agent.identity, message.reports);
      case 'captures':
        await receiveCaptures(this.#core, agent.identity, message.captures, this.#log);
        return this.send({ type: 'stored', batch: message.batch });
    }
  }

  async #keepManifest({ identity }: JoinedAgent, manifest: Manifest): Promise<void> {
    const { service, buildId } = identity;
    if (manifest.buildId !== buildId) {
      throw new Refusal(
        CLOSE.policy,
        `manifest of build ${manifest.buildId}, but hello said ${buildId ?? 'none'}`,
      );
    }
    await this.#core.builds.save(manifest);
    this.#log.info({ buildId, files: manifest.files.length }, 'manifest stored');
    this.#core.fleet.refresh(service);
  }

  #refuse(code: ErrorCode, message: string): void {
    this.send({ type: 'refused', code, message });
    this.close(CLOSE.protocolError, message);
  }

  #fail(error: unknown): void {
    if (error instanceof Refusal) {
      if (this.#agent === undefined)
        this.send({ type: 'refused', code: 'INVALID_MESSAGE', message: error.message });
      this.close(error.closeCode, error.message);
    } else {
      this.#log.error({ err: error }, 'message could not be handled');
      this.close(CLOSE.internal, 'a defect of the collector; its log has the details');
    }
  }

  async #leave(code: number): Promise<void> {
    clearTimeout(this.#greeting);
    if (this.#agent === undefined) return;
    this.#log.info({ code }, 'agent disconnected');
    try {
      await this.#core.fleet.leave(this.#agent);
    } catch (error) {
      this.#log.error({ err: error }, 'its last sign of life was not saved');
    }
  }
}

/** A connected agent after its hello: remembers what it was told, and tells it when that changes. */
class JoinedAgent implements LiveAgent {
  readonly identity: AgentIdentity;
  readonly #core: Core;
  readonly #connection: AgentConnection;
  #told: ReadonlySet<string> = new Set();
  #revision = 0;
  #refreshing = false;
  #stale = false;

  constructor(core: Core, connection: AgentConnection, identity: AgentIdentity) {
    this.#core = core;
    this.#connection = connection;
    this.identity = identity;
  }

  get lastSeen(): number {
    return this.#connection.lastSeen;
  }

  get told(): ReadonlySet<string> {
    return this.#told;
  }

  close(code: number, reason: string): void {
    this.#connection.close(code, reason);
  }

  refresh(): void {
    this.#stale = true;
    if (this.#refreshing) return;
    this.#refreshing = true;
    this.#catchUp()
      .catch((error: unknown) =>
        this.#core.log.error({ err: error }, 'an agent could not be told its probes'),
      )
      .finally(() => (this.#refreshing = false));
  }

  /** Whatever changes while the probes are being placed is told in the next round. */
  async #catchUp(): Promise<void> {
    while (this.#stale) {
      this.#stale = false;
      const probes = await this.#core.probes.commandsFor(this.identity);
      const ids = new Set(probes.map((probe) => probe.id));
      if (this.#revision > 0 && sameMembers(ids, this.#told)) continue;
      this.#told = ids;
      this.#connection.send({ type: 'probes', revision: ++this.#revision, probes });
    }
  }
}

function readMessage(data: Buffer): unknown {
  try {
    return decode(data);
  } catch (error) {
    throw new Refusal(CLOSE.invalidMessage, `not msgpack: ${(error as Error).message}`);
  }
}

/** A probe never changes after it was made, so its id stands for it. */
function sameMembers(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((member) => b.has(member));
}

function check<Output>(schema: z.ZodType<Output>, value: unknown, what: string): Output {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { path, message } = firstProblem(result.error);
  throw new Refusal(CLOSE.invalidMessage, `${what}: ${path === '' ? '' : `${path}: `}${message}`);
}
