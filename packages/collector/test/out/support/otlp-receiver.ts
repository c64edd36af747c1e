import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { onTestFinished, vi } from 'vitest';
import { Schema, type Decoded } from './protobuf.ts';

/** opentelemetry-proto 1.11.0, as it was released. */
const SCHEMA = new Schema(join(import.meta.dirname, '../../fixtures/otlp'));

const REQUESTS: Readonly<Record<string, string>> = {
  '/v1/logs': 'ExportLogsServiceRequest',
  '/v1/traces': 'ExportTraceServiceRequest',
  '/v1/metrics': 'ExportMetricsServiceRequest',
};

/** What the receiver does with the next requests: `silence` is no answer at all. */
export type Behaviour = (
  path: string,
) => { readonly status: number; readonly body?: Buffer } | 'silence' | undefined;

export interface OtlpReceiver {
  readonly url: string;
  /** Everything that was accepted, by the schema, in order. */
  readonly requests: {
    readonly path: string;
    readonly headers: IncomingMessage['headers'];
    readonly body: Decoded;
  }[];
  /** Requests that broke the protocol. */
  readonly problems: string[];
  behaviour: Behaviour;
  /** Records of a signal, each with its resource's attributes. */
  records(signal: 'logs' | 'traces' | 'metrics'): Received[];
  /** Waits for that many of them. */
  received(signal: 'logs' | 'traces' | 'metrics', count: number): Promise<Received[]>;
  close(): Promise<void>;
}

export interface Received {
  readonly resource: Readonly<Record<string, unknown>>;
  readonly record: Decoded;
}

/** A receiver for OTLP over HTTP with protobuf, as strict as the specification. */
export async function openReceiver(port = 0): Promise<OtlpReceiver> {
  const requests: OtlpReceiver['requests'] = [];
  const problems: string[] = [];
  const server = createServer((request, response) => {
    void buffer(request).then((raw) => {
      const path = request.url!;
      const answer = receiver.behaviour(path);
      if (answer === 'silence') return;
      if (answer !== undefined) {
        response.writeHead(answer.status, { 'content-type': 'application/x-protobuf' }).end(answer.body);
        if (answer.status >= 300) return;
      }
      try {
        requests.push({ path, headers: request.headers, body: readRequest(request, raw) });
        if (answer === undefined) response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
      } catch (error) {
        problems.push((error as Error).message);
        if (answer === undefined) response.writeHead(400).end();
      }
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  onTestFinished(close);
  const receiver: OtlpReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    problems,
    behaviour: () => undefined,
    records: (signal) =>
      requests.filter(({ path }) => path === `/v1/${signal}`).flatMap(({ body }) => recordsOf(signal, body)),
    async received(signal, count) {
      await vi.waitFor(() => {
        if (problems.length > 0) throw new Error(problems.join('\n'));
        if (receiver.records(signal).length < count) throw new Error(`not yet ${count} of ${signal}`);
      }, 15_000);
      return receiver.records(signal);
    },
    close,
  };
  return receiver;
}

/** @throws {Error} where it breaks the protocol */
function readRequest({ method, url = '', headers }: IncomingMessage, raw: Buffer): Decoded {
  const message = REQUESTS[url];
  if (method !== 'POST' || message === undefined) throw new Error(`${method} ${url} is none of OTLP`);
  if (headers['content-type'] !== 'application/x-protobuf')
    throw new Error(`content-type ${headers['content-type']}`);
  return SCHEMA.decode(message, headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw);
}

const PARTS = {
  logs: ['resource_logs', 'scope_logs', 'log_records'],
  traces: ['resource_spans', 'scope_spans', 'spans'],
  metrics: ['resource_metrics', 'scope_metrics', 'metrics'],
} as const;

function recordsOf(signal: keyof typeof PARTS, body: Decoded): Received[] {
  const [resources, scopes, records] = PARTS[signal];
  return list(body[resources]).flatMap((one) => {
    const resource = attributesOf(one['resource'] as Decoded);
    return list(one[scopes]).flatMap((scope) => list(scope[records]).map((record) => ({ resource, record })));
  });
}

const list = (value: unknown): readonly Decoded[] => (value ?? []) as readonly Decoded[];

/** The attributes of a record, as plain values. */
export function attributesOf({ attributes }: Decoded): Record<string, unknown> {
  return Object.fromEntries(list(attributes).map(({ key, value }) => [key, plain(value as Decoded)]));
}

/** An AnyValue as a plain value. */
export function plain(value: Decoded | undefined): unknown {
  const [[kind, content] = ['empty', null]] = Object.entries(value ?? {});
  switch (kind) {
    case 'empty':
      return null;
    case 'int_value':
      return Number(content);
    case 'array_value':
      return list((content as Decoded)['values']).map(plain);
    case 'kvlist_value':
      return Object.fromEntries(
        list((content as Decoded)['values']).map((one) => [one['key'], plain(one['value'] as Decoded)]),
      );
    default:
      return content;
  }
}
