import { createHmac, randomBytes } from 'node:crypto';

/** 24 to 64 bytes, says the specification. */
const SECRET_BYTES = 32;
const PREFIX = 'whsec_';

export const mintSecret = (): string => PREFIX + randomBytes(SECRET_BYTES).toString('base64');

/**
 * The headers of a message, signed as Standard Webhooks 1.0 says: HMAC-SHA256 over `id.timestamp.body`.
 * @param id of the message, the same at every attempt
 * @param at of this attempt, ms since 1970
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function signedHeaders(
  secret: string,
  id: string,
  at: number,
  body: string,
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const timestamp = String(Math.floor(at / 1_000));
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
}
