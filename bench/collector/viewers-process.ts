/** A process that stands for many viewers: half of them follow server-sent events, half a WebSocket. */
import { get, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { API_PREFIX } from '@dormouse/protocol';
import { WebSocket } from 'ws';
import { asAdmin, now } from './start.ts';

export interface ViewersOrder {
  readonly url: string;
  readonly viewers: number;
  /** Viewers more that read nothing. */
  readonly slow: number;
}

export interface ViewersAnswer {
  /** For each event of each viewer: from the moment at which its capture was sent, ms. */
  readonly delays: readonly number[];
  readonly bytes: number;
  /** Connections that ended. */
  readonly lost: number;
}

const order = JSON.parse(process.argv[2]!) as ViewersOrder;
const path = `${API_PREFIX}/stream?service=trades`;
const delays: number[] = [];
let bytes = 0;
let lost = 0;

process.on('message', () => process.send!({ delays, bytes, lost } satisfies ViewersAnswer));
process.once('disconnect', () => process.exit());

for (let n = 0; n < order.viewers; n++) {
  if (n % 2 === 0) (await followEvents()).on('data', hear).on('close', lose);
  else (await openWebSocket()).on('message', hear).on('close', lose);
}
for (let n = 0; n < order.slow; n++) {
  if (n % 2 === 0) (await followEvents()).pause();
  else (await openWebSocket()).pause();
}
process.send!('connected');

/** The message of a capture is the moment at which it was sent. */
function hear(data: Buffer): void {
  const at = now();
  bytes += data.length;
  for (const [, sent] of data.toString().matchAll(/"message":"([\d.]+)"/g)) delays.push(at - Number(sent));
}

function lose(): void {
  lost++;
}

async function followEvents(): Promise<IncomingMessage> {
  const [response] = (await once(get(order.url + path, { headers: asAdmin, agent: false }), 'response')) as [
    IncomingMessage,
  ];
  if (response.statusCode !== 200) throw new Error(`The stream answers ${response.statusCode}.`);
  return response;
}

async function openWebSocket(): Promise<WebSocket> {
  const socket = new WebSocket(order.url.replace(/^http/, 'ws') + path, { headers: asAdmin });
  await once(socket, 'open');
  return socket;
}
