/**
 * A process that stands for many: each agent with its own WebSocket, handshake and messages, without a program to probe.
 * It answers what it is told as the runtime does: each probe is armed, and that is said at once.
 */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import {
  AGENT_PATH,
  CONTRACT_VERSION,
  PROTOCOL_VERSION,
  type AgentMessage,
  type CollectorMessage,
  type ProbeReport,
} from '@dormouse/protocol';
import { Packr } from 'msgpackr';
import { WebSocket } from 'ws';
import { now } from './start.ts';

export interface AgentsOrder {
  readonly url: string;
  readonly token: string;
  readonly service: string;
  readonly buildId: string;
  readonly agents: number;
  /** Of all such processes, to tell their agents apart. */
  readonly name: string;
}

/** What it is asked and answers, by the channel of its parent. */
export type AgentsAnswer =
  | { readonly connectedMs: number }
  /** When each heard first of a probe, ms since 1970; and bytes of all connections so far. */
  | {
      readonly heard: readonly number[];
      readonly received: number;
      readonly sent: number;
      readonly lost: number;
    };

/** Handshakes under way at a time. */
const AT_ONCE = 50;

const packr = new Packr({ useRecords: false });
const order = JSON.parse(process.argv[2]!) as AgentsOrder;
const sockets: WebSocket[] = [];
const heard = new Map<string, number[]>();
let lost = 0;

process.on('message', (probe: string) => {
  const wires = sockets.map((socket) => (socket as unknown as { _socket: Socket | null })._socket);
  const sum = (of: (wire: Socket) => number): number =>
    wires.reduce((total, wire) => total + (wire === null ? 0 : of(wire)), 0);
  tell({
    heard: heard.get(probe) ?? [],
    received: sum((wire) => wire.bytesRead),
    sent: sum((wire) => wire.bytesWritten),
    lost,
  });
});
process.once('disconnect', () => process.exit());

const begin = performance.now();
let next = 0;
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    while (next < order.agents) await connect(next++);
  }),
);
tell({ connectedMs: performance.now() - begin });

function tell(answer: AgentsAnswer): void {
  process.send!(answer);
}

/** Resolves when the collector has told it its probes. */
async function connect(index: number): Promise<void> {
  const socket = new WebSocket(order.url.replace(/^http/, 'ws') + AGENT_PATH, {
    headers: { authorization: `Bearer ${order.token}` },
    perMessageDeflate: false,
  });
  await once(socket, 'open');
  sockets.push(socket);
  socket.on('close', () => lost++);
  const send = (message: AgentMessage): void => socket.send(packr.pack(message));
  const agent = {
    instance: `${order.name}${String(index).padStart(16 - order.name.length, '0')}`,
    service: order.service,
    buildId: order.buildId,
    host: `host-${index % 100}`,
    pid: index,
    node: 'v24',
    runtime: '0',
    tags: {},
  };
  const settled = new Promise<void>((resolve) => {
    const armed = new Set<string>();
    let policy = 0;
    socket.on('message', (data: Buffer) => {
      const message = packr.unpack(data) as CollectorMessage;
      if (message.type === 'policy') policy = message.revision;
      if (message.type !== 'probes') return;
      const at = now();
      const reports: ProbeReport[] = [];
      for (const { id } of message.probes) {
        if (armed.has(id)) continue;
        armed.add(id);
        const times = heard.get(id) ?? [];
        times.push(at);
        heard.set(id, times);
        reports.push(armedReport(id));
      }
      for (const id of armed) if (!message.probes.some((probe) => probe.id === id)) armed.delete(id);
      if (reports.length > 0)
        send({ type: 'status', revision: message.revision, reports, policy: { revision: policy } });
      resolve();
    });
  });
  send({ type: 'hello', protocol: PROTOCOL_VERSION, contract: CONTRACT_VERSION, agent });
  await settled;
}

const armedReport = (id: string): ProbeReport => ({
  id,
  state: 'armed',
  seen: 0,
  matched: 0,
  captured: 0,
  incomplete: 0,
  skipped: {},
  dropped: {},
});
