import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { process } from '../process.js';

type OnSocket = (error: Error | null, socket?: Socket) => void;

/**
 * Opens connections through a proxy to take the place of `net.connect`, or of `tls.connect` where `isSecure`. The proxy has as
 * long to answer as the target's `timeout` says, which then goes on to hold for what is spoken through it.
 */
export const tunnelThrough =
  (proxy: URL, isSecure: boolean) =>
  (target: ConnectionOptions, onSocket: OnSocket): undefined => {
    const { host = '', port, timeout = 0 } = target;
    const request = connectRequest(proxy, `${net().isIPv6(host) ? `[${host}]` : host}:${port}`, timeout);
    request.on('socket', (socket) => socket.unref());
    request.once('timeout', () => request.destroy(new Error(`the proxy ${proxy.host} does not answer`)));
    request.once('error', onSocket);
    request.once('connect', ({ statusCode }, socket: Socket) => {
      if (statusCode === 200) {
        onSocket(null, isSecure ? secure(socket, target) : socket);
      } else {
        socket.destroy();
        onSocket(new Error(`the proxy ${proxy.host} answers ${statusCode}`));
      }
    });
    request.end();
  };

function secure(socket: Socket, target: ConnectionOptions): Socket {
  const { host = '', timeout = 0 } = target;
  const { path: _, ...options } = target;
  const secured = tls().connect({ ...options, socket, servername: net().isIP(host) === 0 ? host : '' });
  return secured.setTimeout(timeout);
}

/** Loaded when they are needed, and not by `import`: that would evaluate all of what they export, `fetch` included. */
const http = () => process.getBuiltinModule('node:http');
const https = () => process.getBuiltinModule('node:https');
const net = () => process.getBuiltinModule('node:net');
const tls = () => process.getBuiltinModule('node:tls');

function connectRequest(proxy: URL, path: string, timeout: number): ClientRequest {
  const { request } = proxy.protocol === 'https:' ? https() : http();
  const credentials = decodeURIComponent(`${proxy.username}:${proxy.password}`);
  return request({
    method: 'CONNECT',
    host: proxy.hostname.replace(/^\[|\]$/g, ''),
    port: proxy.port === '' ? (proxy.protocol === 'https:' ? 443 : 80) : proxy.port,
    path,
    agent: false,
    timeout,
    headers: {
      host: path,
      ...(proxy.username !== '' && {
        'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}`,
      }),
    },
  });
}
