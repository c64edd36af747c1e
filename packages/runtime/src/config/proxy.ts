type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy on the way to an address, as curl finds it: `HTTPS_PROXY` for `wss:`, `HTTP_PROXY` for `ws:`, unless
 * `NO_PROXY` names the host. This machine is never reached through a proxy.
 * @returns an `http(s)://` URL; undefined where there is none
 */
export function findProxy(address: string, env: Environment): URL | undefined {
  const { protocol, hostname, port } = new URL(address);
  const name = protocol === 'wss:' ? 'https_proxy' : 'http_proxy';
  const text = env[name] || env[name.toUpperCase()];
  if (!text || isLoopback(hostname)) return undefined;
  const isExempt = (env['no_proxy'] || env['NO_PROXY'] || '')
    .split(/[\s,]+/)
    .some((entry) => entry !== '' && exempts(entry, hostname, port || DEFAULT_PORTS[protocol]));
  if (isExempt) return undefined;
  const url = text.includes('://') ? text : `http://${text}`;
  return URL.canParse(url) ? new URL(url) : undefined;
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'ws:': '80', 'wss:': '443' };

const isLoopback = (hostname: string): boolean =>
  /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname) || hostname.endsWith('.localhost');

/** `*`, `example.com`, `.example.com`, `*.example.com`, `10.0.0.1:8080`: a name exempts what lies below it too. */
function exempts(entry: string, hostname: string, port: string | undefined): boolean {
  if (entry === '*') return true;
  const [, name = '', onlyPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (onlyPort !== undefined && onlyPort !== port) return false;
  const domain = name.replace(/^\*?\./, '').toLowerCase();
  return hostname === domain || hostname.endsWith(`.${domain}`);
}
