import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';

export interface Page {
  readonly url: URL;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Request {
  readonly method?: string;
  /** As JSON, or as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** As many redirects as browsers follow. */
const MOST_REDIRECTS = 20;

/** What a browser does of HTTP: it keeps cookies, follows redirects and says where requests come from. */
export class TestBrowser {
  /** By host, with its port: unlike real ones it tells them apart. */
  readonly cookies = new Map<string, Map<string, string>>();

  /** One request, with cookies. */
  async send(url: string | URL, { method = 'GET', body, headers = {} }: Request = {}): Promise<Page> {
    const target = new URL(url);
    const jar = this.#jarOf(target);
    const sent = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    const page = await send(target, {
      method,
      body: sent,
      headers: {
        'user-agent': 'TestBrowser/1',
        ...(jar.size > 0 && { cookie: Array.from(jar, ([name, value]) => `${name}=${value}`).join('; ') }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
    });
    for (const line of page.headers['set-cookie'] ?? []) keep(jar, line);
    return page;
  }

  /** What a person types into the address bar, or follows from a page of the same or of another site. */
  async open(url: string | URL, from: 'none' | 'same-origin' | 'cross-site' = 'none'): Promise<Page> {
    const headers = { 'sec-fetch-site': from, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    let page = await this.send(url, { headers });
    for (let redirect = 0; page.headers.location !== undefined; redirect++) {
      if (redirect === MOST_REDIRECTS) throw new Error(`${page.url.href} redirects for ever.`);
      page = await this.send(new URL(page.headers.location, page.url), { headers });
    }
    return page;
  }

  /** What a page of that origin asks. */
  ask(url: string | URL, request: Request): Promise<Page> {
    const { origin } = new URL(url);
    const own = { origin, 'sec-fetch-site': 'same-origin', 'dormouse-console': '1' };
    return this.send(url, { ...request, headers: { ...own, ...request.headers } });
  }

  /** The value of the cookie whose name contains a text. */
  cookie(url: string, part: string): string | undefined {
    return Array.from(this.#jarOf(new URL(url))).find(([name]) => name.includes(part))?.[1];
  }

  #jarOf({ host }: URL): Map<string, string> {
    const jar = this.cookies.get(host) ?? new Map<string, string>();
    this.cookies.set(host, jar);
    return jar;
  }
}

function keep(jar: Map<string, string>, line: string): void {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
  const isGone = /max-age=0\b|expires=thu, 01 jan 1970/i.test(line);
  if (isGone) jar.delete(name);
  else jar.set(name, value);
}

function send(
  url: URL,
  { method, body, headers }: { method: string; body: string | undefined; headers: Record<string, string> },
): Promise<Page> {
  return new Promise((resolve, reject) => {
    // A connection of its own: one that was kept may be closed just then, and a browser would ask again.
    const request = httpRequest(url, { method, headers, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () =>
        resolve({ url, status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}
