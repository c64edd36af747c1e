import { lookup, type LookupAddress } from 'node:dns';
import { lookup as resolve } from 'node:dns/promises';
import http from 'node:http';
import https from 'node:https';
import { isIP, type BlockList, type LookupFunction } from 'node:net';
import { CollectorError } from '../collector-error.js';
import { blockListOf } from '../networks.js';

/**
 * What is not on the public internet: this machine, its neighbours, whatever answers questions about it. From the special-purpose
 * registries of IANA (RFC 6890), which hold the addresses of the clouds' metadata services, too.
 */
const INTERNAL = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
  '::/127',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];

/** Refused when a connection is made: the name now stands for another address than when it was asked about. */
class ForbiddenAddress extends Error {
  constructor(hostname: string, address: string) {
    super(
      hostname === address
        ? `${address} is not a public address`
        : `${hostname} is ${address}, which is not a public address`,
    );
  }
}

/**
 * Where the collector may be sent by what people ask of it over the API: to public addresses, and to the networks
 * that its operator allows. It is asked again whenever a connection is made, so that a name cannot change its mind.
 */
export class Targets {
  readonly #internal = blockListOf('send-to', INTERNAL);
  readonly #allowed: BlockList;

  /** @param allowed networks, `10.0.0.0/8`, `127.0.0.1` @throws {StartError} */
  constructor(allowed: readonly string[] = []) {
    this.#allowed = blockListOf('send-to', allowed);
  }

  /**
   * @param path of the URL in the request
   * @throws {CollectorError} INVALID_REQUEST where it is none of them, or cannot be found
   */
  async require(url: string, path: string): Promise<void> {
    const { hostname } = new URL(url);
    const host = hostname.replace(/^\[(.*)\]$/, '$1');
    const addresses = isIP(host) ? [{ address: host }] : await this.#find(host, path);
    const forbidden = addresses.find(({ address }) => !this.allows(address));
    if (forbidden === undefined) return;
    throw new CollectorError(
      'INVALID_REQUEST',
      `${path}: ${new ForbiddenAddress(host, forbidden.address).message}. The collector sends to internal networks only if it was started with --send-to, which names them.`,
      { path },
    );
  }

  allows(address: string): boolean {
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    return this.#allowed.check(address, family) || !this.#internal.check(address, family);
  }

  /** For connections of one protocol, `http:` or `https:`. */
  agent(protocol: string): http.Agent {
    const options = { keepAlive: true, lookup: this.#lookup } as http.AgentOptions;
    const agent = protocol === 'https:' ? new https.Agent(options) : new http.Agent(options);
    const connect = agent.createConnection.bind(agent);
    // Of an address that needs no looking up.
    agent.createConnection = (connection, done) => {
      const { host = '' } = connection as { host?: string };
      if (isIP(host) !== 0 && !this.allows(host)) throw new ForbiddenAddress(host, host);
      return connect(connection, done);
    };
    return agent;
  }

  readonly #lookup: LookupFunction = (hostname, options, done) => {
    lookup(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
      if (error !== null) return done(error, '', 0);
      const forbidden = found.find(({ address }) => !this.allows(address));
      if (forbidden !== undefined) return done(new ForbiddenAddress(hostname, forbidden.address), '', 0);
      if (options.all === true) return done(null, found);
      return done(null, found[0]!.address, found[0]!.family);
    });
  };

  async #find(host: string, path: string): Promise<readonly { address: string }[]> {
    try {
      return await resolve(host, { all: true });
    } catch (error) {
      throw new CollectorError(
        'INVALID_REQUEST',
        `${path}: ${host} cannot be found: ${(error as NodeJS.ErrnoException).code}.`,
        { path },
      );
    }
  }
}
