import { createHash } from 'node:crypto';
import { once } from 'node:events';

import {
  AGENT_PATH,
  CONTRACT_VERSION,
  MANIFEST_VERSION,
  PROTOCOL_VERSION,
  type AgentMessage,
  type Capture,
  type CollectorMessage,
  type Manifest,
  type ProbeCommand,
  type ProbeReport,
  type StatusMessage,
} from '@dormouse/protocol';
import { Packr } from 'msgpackr';
import { WebSocket } from 'ws';

const packr = new Packr({ useRecords: false });

/** The text of `src/risk.ts`. */
export const RISK_TEXT =
  'export function assess(order) {\n  const amount = order.amount;\n  return amount > 1;\n}\n';

/** Line 3 of `src/risk.ts`, in a function that sees `order` and `amount`. */
export const MANIFEST: Manifest = {
  manifest: MANIFEST_VERSION,
  contract: CONTRACT_VERSION,
  weaver: '@dormouse/transformer 0.1.0',
  buildId: '0123456789abcdef01234567',
  commit: 'c0ffee0000000000000000000000000000000000',
  files: [
    {
      id: '0123456789ab',
      output: 'dist/risk.js',
      sources: [{ path: 'src/risk.ts', hash: createHash('sha256').update(RISK_TEXT).digest('hex') }],
      names: ['order', 'amount'],
      functions: [
        {
          index: 0,
          name: 'assess',
          kind: 'function',
          form: 'twin',
          async: false,
          generator: false,
          exits: 'all',
          source: 0,
          line: 1,
          column: 1,
          endLine: 5,
          parameters: [0],
          points: [
            { index: 0, line: 2, column: 3, endLine: 2, locals: [0], self: false },
            { index: 1, line: 3, column: 3, endLine: 3, locals: [0, 1], self: false },
          ],
        },
      ],
    },
  ],
  skipped: [],
};

interface Address {
  readonly url: string;
  readonly agentToken: string;
}

type CaptureContent = Omit<Capture, 'id' | 'probe' | 'kind' | 'at' | 'hit' | 'tookUs'> &
  Partial<Pick<Capture, 'at'>>;

/** A service that answers probes as a test says: it speaks to the real collector as an agent does. */
export class ScriptedService {
  readonly #socket: WebSocket;
  readonly #instance: string;
  /** Whether it says that it has its policy. */
  confirms = true;
  #probes: readonly ProbeCommand[] | undefined;
  #sent = 0;

  /** Resolves once the collector knows the service and its build. */
  static async connect(
    { url, agentToken }: Address,
    service: string,
    instance: string,
  ): Promise<ScriptedService> {
    const connected = new ScriptedService(url, agentToken, service, instance);
    while (!connected.#probes) await once(connected.#socket, 'message');
    return connected;
  }

  private constructor(url: string, token: string, service: string, instance: string) {
    this.#instance = instance;
    this.#socket = new WebSocket(new URL(AGENT_PATH, url.replace('http', 'ws')), {
      headers: { authorization: `Bearer ${token}` },
    });
    this.#socket.on('message', (bytes: Buffer) => this.#receive(packr.unpack(bytes) as CollectorMessage));
    this.#socket.on('open', () =>
      this.#send({
        type: 'hello',
        protocol: PROTOCOL_VERSION,
        contract: CONTRACT_VERSION,
        agent: {
          instance,
          service,
          version: '1.2.3',
          buildId: MANIFEST.buildId,
          host: 'host-1',
          pid: 42,
          node: 'v24.0.0',
          runtime: '0.1.0',
          tags: { zone: 'eu' },
        },
      }),
    );
  }

  /** The probe of that id, or the first one, as soon as the collector has told us of it. */
  async armed(id?: string): Promise<ProbeCommand> {
    for (;;) {
      const probe = this.#probes?.find((candidate) => id === undefined || candidate.id === id);
      if (probe) return probe;
      await once(this.#socket, 'message');
    }
  }

  /** Resolves once the collector has told us that the probe is gone. */
  async withdrawn(id: string): Promise<void> {
    while (this.#probes?.some((probe) => probe.id === id)) await once(this.#socket, 'message');
  }

  capture({ id, kind, level }: ProbeCommand, content: CaptureContent): void {
    this.#sent += 1;
    const capture: Capture = {
      id: `${this.#instance}-${this.#sent}`,
      probe: id,
      kind,
      at: Date.UTC(2026, 0, 5, 9),
      hit: this.#sent,
      tookUs: 42,
      ...(kind === 'log' && { level }),
      ...content,
    };
    this.#send({ type: 'captures', batch: this.#sent, captures: [capture] });
  }

  report(report: ProbeReport): void {
    this.#send({ type: 'status', revision: 1, reports: [report] });
  }

  /** Says how the process itself stands. */
  stands(state: Pick<StatusMessage, 'policy' | 'pause'>): void {
    this.#send({ type: 'status', revision: 1, reports: [], ...state });
  }

  async close(): Promise<void> {
    this.#socket.close();
    await once(this.#socket, 'close');
  }

  #receive(message: CollectorMessage): void {
    if (message.type === 'welcome' && message.manifestNeeded)
      this.#send({ type: 'manifest', manifest: MANIFEST });
    if (message.type === 'probes') this.#probes = message.probes;
    if (message.type === 'policy' && this.confirms)
      this.#send({ type: 'status', revision: 0, reports: [], policy: { revision: message.revision } });
  }

  #send(message: AgentMessage): void {
    this.#socket.send(packr.pack(message));
  }
}
