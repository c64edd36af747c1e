import { MalformedMessage } from '../domain/errors.js';

/**
 * Partners send orders as lines of tagged values, after the FIX protocol: `11=H-204|55=ALDR|38=40|10=171`.
 * The last value, tag 10, is the sum of the bytes before it, modulo 256, in three digits.
 */
const CHECKSUM_TAG = '10';

export type Message = ReadonlyMap<string, string>;

/** @throws MalformedMessage when a value has no tag, a tag comes twice, or the checksum is wrong. */
export function parseMessage(text: string): Message {
  const message = new Map<string, string>();
  for (const [tag, value] of taggedValues(text)) {
    if (message.has(tag)) throw new MalformedMessage(`Tag ${tag} comes twice.`);
    message.set(tag, value);
  }
  const end = text.lastIndexOf(`|${CHECKSUM_TAG}=`);
  const expected = checksum(text.slice(0, end + 1));
  const actual = message.get(CHECKSUM_TAG);
  if (actual !== expected)
    throw new MalformedMessage(`The checksum is ${actual ?? 'missing'}; expected ${expected}.`);
  return message;
}

export function formatMessage(message: Message): string {
  let text = '';
  for (const [tag, value] of message) text += `${tag}=${value}|`;
  return `${text}${CHECKSUM_TAG}=${checksum(text)}`;
}

function* taggedValues(text: string): Generator<[tag: string, value: string]> {
  for (const part of text.split('|')) {
    const equals = part.indexOf('=');
    if (equals < 1) throw new MalformedMessage(`"${part}" is not a tagged value.`);
    yield [part.slice(0, equals), part.slice(equals + 1)];
  }
}

function checksum(text: string): string {
  const sum = Buffer.from(text, 'latin1').reduce((total, byte) => total + byte, 0);
  return String(sum % 256).padStart(3, '0');
}
