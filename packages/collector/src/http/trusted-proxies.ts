import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { blockListOf, plainAddress } from '../networks.js';

/** Proxies before the collector that say truly whom they ask for. */
export class TrustedProxies {
  readonly #networks;
  /** Whether nobody is believed. */
  readonly areNone: boolean;

  /** @param networks `10.0.0.0/8`, `127.0.0.1` @throws {StartError} */
  constructor(networks: readonly string[] = []) {
    this.#networks = blockListOf('trusted-proxies', networks);
    this.areNone = networks.length === 0;
  }

  readonly trusts = (address: string): boolean => {
    const plain = plainAddress(address);
    const version = isIP(plain);
    return version !== 0 && this.#networks.check(plain, version === 6 ? 'ipv6' : 'ipv4');
  };

  /** Who asks, as Fastify finds it for its requests: the last address on the way here that no trusted proxy has. */
  addressOf({ socket, headers }: IncomingMessage): string {
    const way = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
    const said = way.map((part) => part.trim()).filter((part) => part !== '');
    const addresses = [...said, socket.remoteAddress ?? 'unknown'];
    return addresses.findLast((address) => !this.trusts(address)) ?? addresses[0]!;
  }
}
