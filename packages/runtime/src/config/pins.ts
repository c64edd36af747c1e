/** SHA-256 of the public key (SPKI) of the collector's certificate, base64, as `openssl` and HPKP write it. */
export type Pin = string;

/** `sha256/…` or plain base64, several separated by commas. @returns undefined where one is no SHA-256 */
export function parsePins(text: string): readonly Pin[] | undefined {
  const pins = text.split(/[\s,]+/).filter((pin) => pin !== '');
  const plain = pins.map((pin) => pin.replace(/^sha256\//, ''));
  return plain.every((pin) => Buffer.from(pin, 'base64').byteLength === 32) ? plain : undefined;
}
