/** Why the collector closes a WebSocket, of an agent or a viewer: the codes of RFC 6455, section 7.4.1. */
export const CLOSE = {
  goingAway: 1001,
  protocolError: 1002,
  notBinary: 1003,
  invalidMessage: 1007,
  policy: 1008,
  internal: 1011,
} as const;

/** A close frame's reason has room for 123 bytes. */
const REASON_BYTES = 123;

/** As much of a reason as fits, never half a character. */
export function fitReason(reason: string): string {
  let bytes = 0;
  let fitting = '';
  for (const character of reason) {
    bytes += Buffer.byteLength(character);
    if (bytes > REASON_BYTES) break;
    fitting += character;
  }
  return fitting;
}
