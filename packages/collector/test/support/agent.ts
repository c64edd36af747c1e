import { once } from 'node:events';
import {
  AGENT_PATH,
  CONTRACT_VERSION,
  PROTOCOL_VERSION,
  type AgentIdentity,
  type AgentMessage,
  type Capture,
  type CollectorMessage,
  type Manifest,
  type ProbeCommand,
  type ProbeReport,
} from '@dormouse/protocol';
import { Packr } from 'msgpackr';
import { WebSocket } from 'ws';
import { sampleReport } from '../storage/support/samples.ts';

const packr = new Packr({ useRecords: false });
let instances = 0;

/** An agent as the collector sees it: a real WebSocket that speaks the protocol. */
export class TestAgent {
  readonly identity: AgentIdentity;
  readonly socket: WebSocket;
  readonly received: CollectorMessage[] = [];
  readonly #waiting: (() => void)[] = [];
  #taken = 0;
  #captures = 0;

  constructor(url: string, token: string, identity: Partial<AgentIdentity> = {}) {
    this.identity = {
      instance: (++instances).toString(16).padStart(16, '0'),
      service: 'trades',
      host: 'test',
      pid: process.pid,
      node: process.version,
      runtime: 'test',
      tags: {},
      ...identity,
    };
    this.socket = new WebSocket(url.replace(/^http/, 'ws') + AGENT_PATH, {
      headers: { authorization: `Bearer ${token}` },
    });
    this.socket.on('message', (data: Buffer) => {
      this.received.push(packr.unpack(data) as CollectorMessage);
      for (const wake of this.#waiting.splice(0)) wake();
    });
  }

  /** Connects, says hello, and delivers the manifest if asked. */
  static async connect(
    url: string,
    token: string,
    identity: Partial<AgentIdentity> = {},
    manifest?: Manifest,
  ): Promise<TestAgent> {
    const agent = new TestAgent(url, token, {
      ...(manifest !== undefined && { buildId: manifest.buildId }),
      ...identity,
    });
    await once(agent.socket, 'open');
    agent.hello();
    const { manifestNeeded } = await agent.next('welcome');
    if (manifestNeeded && manifest !== undefined) agent.send({ type: 'manifest', manifest });
    await agent.next('probes');
    await agent.handled();
    return agent;
  }

  hello(): void {
    this.send({
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      contract: CONTRACT_VERSION,
      agent: this.identity,
    });
  }

  send(message: AgentMessage): void {
    this.socket.send(packr.pack(message));
  }

  /** The next message of a type that was not taken yet; others before it are passed over. */
  async next<Type extends CollectorMessage['type']>(
    type: Type,
  ): Promise<Extract<CollectorMessage, { type: Type }>> {
    for (;;) {
      while (this.#taken < this.received.length) {
        const message = this.received[this.#taken++]!;
        if (message.type === type) return message as Extract<CollectorMessage, { type: Type }>;
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** What it was last told to arm. */
  get wanted(): readonly ProbeCommand[] {
    return this.received.findLast((message) => message.type === 'probes')?.probes ?? [];
  }

  get told(): readonly string[] {
    return this.wanted.map(({ id }) => id);
  }

  /** A capture of a probe, with an id of its own. */
  capture(probe: string, extra: Partial<Capture> = {}): Capture {
    const hit = ++this.#captures;
    return {
      id: `${this.identity.instance}-${hit}`,
      probe,
      kind: 'snapshot',
      at: Date.now(),
      hit,
      tookUs: 12,
      locals: [{ key: 'score', value: { type: 'number', value: 41 } }],
      ...extra,
    };
  }

  /** Sends a batch and waits until it is stored. */
  async deliver(captures: readonly Capture[], batch = this.#captures): Promise<void> {
    this.send({ type: 'captures', batch, captures });
    const stored = await this.next('stored');
    if (stored.batch !== batch) throw new Error(`expected batch ${batch}, got ${stored.batch}`);
  }

  /** Waits until everything sent so far has been handled. */
  async handled(): Promise<void> {
    await this.deliver([], 1_000_000 + this.#captures);
  }

  report(id: string, report: Partial<ProbeReport>): void {
    this.send({ type: 'status', revision: 1, reports: [sampleReport(id, report)] });
  }

  /** Code and reason with which the collector closes. */
  async closed(): Promise<{ code: number; reason: string }> {
    const [code, reason] = (await once(this.socket, 'close')) as [number, Buffer];
    return { code, reason: reason.toString() };
  }

  async disconnect(): Promise<void> {
    if (this.socket.readyState === this.socket.CLOSED) return;
    const closed = once(this.socket, 'close');
    this.socket.close();
    await closed;
  }
}
