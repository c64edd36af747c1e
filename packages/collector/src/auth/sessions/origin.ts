import { BlockList, isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { plainAddress } from '../../networks.js';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** What of a request tells where its page is. */
export type Addressed = Pick<FastifyRequest, 'protocol' | 'host' | 'hostname' | 'ip'>;

/**
 * The origin under which browsers see this collector: what the operator says, for whoever stands behind a proxy, or else
 * where this request went.
 */
export function ownOrigin(request: Addressed, publicUrl: string | undefined): string {
  return publicUrl === undefined ? `${request.protocol}://${request.host}` : new URL(publicUrl).origin;
}

/**
 * Whether what is sent to and fro can be read by nobody else: it is encrypted, or does not leave the machine. Where neither
 * is so, no session begins, because whoever reads along would have it.
 */
export function isPrivate(request: Addressed, publicUrl: string | undefined): boolean {
  if (ownOrigin(request, publicUrl).startsWith('https:')) return true;
  return isLoopback(request.ip) && isLoopbackName(request.hostname);
}

function isLoopbackName(hostname: string): boolean {
  const name = hostname.replace(/^\[|\]$/g, '');
  return name === 'localhost' || isLoopback(name);
}

function isLoopback(address: string): boolean {
  const plain = plainAddress(address);
  const version = isIP(plain);
  return version !== 0 && LOOPBACK.check(plain, version === 4 ? 'ipv4' : 'ipv6');
}
