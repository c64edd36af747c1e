import { BlockList, isIP } from 'node:net';
import { StartError } from './start-error.js';

/** Addresses that begin alike. */
export interface Network {
  readonly address: string;
  /** How many bits of the address they have in common. */
  readonly bits: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** `10.0.0.0/8`, `fd00::/8`, or one address; nothing where it is none of them. */
export function parseNetwork(text: string): Network | undefined {
  const [, address = '', bits] = /^([^/]+?)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  const longest = version === 6 ? 128 : 32;
  const length = Number(bits ?? longest);
  if (version === 0 || length > longest) return undefined;
  return { address, bits: length, family: version === 6 ? 'ipv6' : 'ipv4' };
}

/**
 * Networks as a list that an address is looked up in.
 * @param flag that they are from
 * @throws {StartError} where one is none
 */
export function blockListOf(flag: string, texts: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of texts) {
    const network = parseNetwork(text);
    if (network === undefined) {
      throw new StartError(`--${flag} takes networks like 10.0.0.0/8 or 127.0.0.1, not ${text}.`);
    }
    list.addSubnet(network.address, network.bits, network.family);
  }
  return list;
}

/** An address as sockets tell it, which may be `::ffff:127.0.0.1`, as people write it. */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');
