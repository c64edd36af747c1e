import type { checkServerIdentity, PeerCertificate } from 'node:tls';
import type { Pin } from '../config/pins.js';
import { process } from '../process.js';

/**
 * Node calls this once the certificate's chain was found valid: the name must match as always, and the key must be one of
 * `pins`. More than one allows a change of keys.
 */
export const checkPinned =
  (pins: readonly Pin[]): typeof checkServerIdentity =>
  (hostname, certificate) => {
    const mismatch = process.getBuiltinModule('node:tls').checkServerIdentity(hostname, certificate);
    if (mismatch !== undefined) return mismatch;
    const pin = pinOf(certificate);
    return pins.includes(pin)
      ? undefined
      : new Error(`the collector's key sha256/${pin} is not DORMOUSE_PIN`);
  };

function pinOf({ raw }: PeerCertificate): Pin {
  const { createHash, X509Certificate } = process.getBuiltinModule('node:crypto');
  const key = new X509Certificate(raw).publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(key).digest('base64');
}
