import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished, vi } from 'vitest';

export interface Message {
  readonly id: string;
  /** s since 1970. */
  readonly timestamp: number;
  readonly signature: string;
  readonly body: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface WebhookReceiver {
  readonly url: string;
  readonly messages: Message[];
  /** The status of answers, or that there are none. */
  answer: { status: number; headers?: Record<string, string> } | 'silence';
  received(count: number): Promise<Message[]>;
}

export async function openWebhookReceiver(): Promise<WebhookReceiver> {
  const messages: Message[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { headers } = request;
      const { type, data } = JSON.parse(body) as Pick<Message, 'type' | 'data'>;
      messages.push({
        id: String(headers['webhook-id']),
        timestamp: Number(headers['webhook-timestamp']),
        signature: String(headers['webhook-signature']),
        body,
        type,
        data,
      });
      const { answer } = receiver;
      if (answer !== 'silence') response.writeHead(answer.status, answer.headers).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const receiver: WebhookReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    messages,
    answer: { status: 204 },
    async received(count) {
      await vi.waitFor(() => {
        if (messages.length < count) throw new Error(`${messages.length} of ${count}`);
      }, 15_000);
      return messages;
    },
  };
  return receiver;
}

/**
 * Verifies as a receiver has to by the specification of Standard Webhooks 1.0: the secret is base64 behind its prefix,
 * the content is id, timestamp and body joined by dots, and any of the signatures, each with its version, may match.
 */
export function isGenuine(secret: string, { id, timestamp, signature, body }: Message): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest();
  return signature.split(' ').some((one) => {
    const [version, value = ''] = one.split(',');
    const given = Buffer.from(value, 'base64');
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
  });
}
