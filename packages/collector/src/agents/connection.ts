import {
  LIMITS,
  PROTOCOL_VERSION,
  type AgentIdentity,
  type CollectorMessage,
  type ErrorCode,
  type Manifest,
} from '@dormouse/protocol';
import type { WebSocket } from 'ws';
import type { Core } from '../core.js';
import type { Log } from '../log.js';
import { agentMessage, anyHello, hello } from '../schemas/agent-message.js';
import { CLOSE, fitReason } from './closing.js';
import { encode } from './codec.js';
import { check, readMessage, Refusal } from './incoming.js';
import { JoinedAgent, type Connection } from './joined-agent.js';
import { isTurnOver, nextTurn } from './loop-turn.js';
import { receiveCaptures } from './receive-captures.js';

/** Time for the hello after the connection stands, ms. */
const HELLO_WITHIN_MS = 10_000;

/**
 * One agent's connection: hello, then anything else, one message at a time in the order of arrival.
 *
 *     greeting ──hello──▶ joined ──▶ closed
 */
export class AgentConnection implements Connection {
  readonly #core: Core;
  readonly #socket: WebSocket;
  readonly #address: string;
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
    this.#address = address;
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

  get lastSeen(): number {
    return this.#lastSeen;
  }

  /** Asks for a sign of life; without one for too long the connection is dropped. While a message is handled none can come. */
  checkAlive(): void {
    if (this.#waiting > 0) return;
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
    this.#core.meters.agentBytes.inc(data.length);
    this.#core.meters.agentMessages.inc();
    this.#socket.pause();
    this.#inbox = this.#inbox
      .then(() => this.#handle(data, isBinary))
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#core.meters.agentMessages.dec();
        if (--this.#waiting > 0) return;
        // Nobody listened meanwhile: what the agent said is still to be read.
        this.#lastHeard = performance.now();
        this.#socket.resume();
      });
  }

  async #handle(data: Buffer, isBinary: boolean): Promise<void> {
    while (isTurnOver()) await nextTurn();
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    const message = readMessage(data, isBinary);
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
    const { storage, builds, fleet, probes } = this.#core;
    const { service, instance, buildId } = identity;
    this.#log = this.#log.child({ service, instance });
    await storage.services.remember(service);
    if (buildId !== undefined) await builds.link(service, buildId);
    const known = buildId === undefined || (await builds.load(buildId)) !== undefined;
    if (this.#socket.readyState !== this.#socket.OPEN) return;

    const agent = new JoinedAgent(this.#core, this, identity);
    this.#agent = agent;
    // From here on others tell it of changes, and before its welcome it would not listen.
    this.send({ type: 'welcome', manifestNeeded: !known });
    await fleet.join(agent);
    this.#log.info({ buildId, host: identity.host, pid: identity.pid }, 'agent connected');
    this.#record('agent.joined', identity, { ...(buildId !== undefined && { buildId }) });
    agent.refresh();
    probes.processesChanged(service);
  }

  async #serve(agent: JoinedAgent, raw: unknown): Promise<void> {
    const message = check(agentMessage, raw, 'message');
    switch (message.type) {
      case 'manifest':
        return this.#keepManifest(agent, message.manifest);
      case 'status':
        this.#core.meters.hearReports(agent.reports, message.reports);
        agent.stands(message);
        return this.#core.probes.report(agent.identity, message.reports);
      case 'captures':
        await receiveCaptures(this.#core, agent.identity, message.captures, this.#log);
        return this.send({ type: 'stored', batch: message.batch });
    }
  }

  /** From then on the process runs that build: the one its hello named, or what has become of it since. */
  async #keepManifest(agent: JoinedAgent, manifest: Manifest): Promise<void> {
    const { builds, fleet, probes } = this.#core;
    const { service } = agent.identity;
    const { buildId } = manifest;
    await builds.save(manifest);
    if (buildId !== agent.identity.buildId) {
      await builds.link(service, buildId);
      agent.runs(buildId);
      await fleet.update(agent);
    }
    this.#log.info({ buildId, files: manifest.files.length }, 'manifest stored');
    fleet.refresh(service);
    probes.processesChanged(service);
  }

  #refuse(code: ErrorCode, message: string): void {
    this.send({ type: 'refused', code, message });
    this.close(CLOSE.protocolError, message);
  }

  #fail(error: unknown): void {
    if (!(error instanceof Refusal)) {
      this.#log.error({ err: error }, 'message could not be handled');
      return this.close(CLOSE.internal, 'a defect of the collector; its log has the details');
    }
    const { message, closeCode } = error;
    if (this.#agent === undefined) this.send({ type: 'refused', code: 'INVALID_MESSAGE', message });
    this.close(closeCode, message);
  }

  #record(operation: string, { instance, service, host, pid }: AgentIdentity, details: object): void {
    this.#core.happened({
      caller: { kind: 'agent', id: instance, name: service, address: this.#address },
      door: 'agent',
      operation,
      targets: [service, instance],
      details: { host, pid, ...details },
    });
  }

  async #leave(code: number): Promise<void> {
    clearTimeout(this.#greeting);
    if (this.#agent === undefined) return;
    const { fleet, probes } = this.#core;
    this.#log.info({ code }, 'agent disconnected');
    this.#record('agent.left', this.#agent.identity, { code });
    try {
      await fleet.leave(this.#agent);
      probes.processesChanged(this.#agent.identity.service);
    } catch (error) {
      this.#log.error({ err: error }, 'its last sign of life was not saved');
    }
  }
}
