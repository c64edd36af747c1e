import type { InvitationRequest, InvitationView, LinkView } from '@dormouse/protocol';
import type { TestApi } from '../../support/api.ts';
import { openCollector, type TestCollector } from '../../support/collector.ts';
import type { CollectorOptions } from '../../../src/index.ts';
import { TestBrowser, type Page } from './browser.ts';

export const PASSWORD = 'tulip gravel onward seven';

/** Too cheap for anything but tests. */
export const CHEAP = { logN: 4, r: 1, p: 1 };

/** A browser in front of a collector. */
export class Visitor extends TestBrowser {
  readonly url: string;

  constructor(url: string) {
    super();
    this.url = url;
  }

  signIn(email: string, password = PASSWORD): Promise<Page> {
    return this.ask(`${this.url}/auth/password`, { method: 'POST', body: { email, password } });
  }

  /** What the console asks of the API. */
  api(method: string, path: string, body?: unknown): Promise<Page> {
    const url = `${this.url}/api/v1${path}`;
    return this.ask(url, { method, ...(body !== undefined && { body }) });
  }

  /** Whether it is signed in. */
  async isKnown(): Promise<boolean> {
    return (await this.api('GET', '/profile')).status === 200;
  }

  session(): string | undefined {
    return this.cookie(this.url, 'session');
  }

  /** Puts a cookie there as if it were its session's. */
  put(secret: string): void {
    const { host, port } = new URL(this.url);
    this.cookies.set(host, new Map([[`dormouse-session-${port}`, secret]]));
  }
}

export interface Stage {
  readonly collector: TestCollector;
  readonly admin: TestApi;
  visitor(): Visitor;
  /** Somebody with a password. @returns the id */
  user(email: string, rights?: Partial<InvitationRequest>): Promise<string>;
  /** A link that signs in as the admin token, or as another. */
  link(api?: TestApi): Promise<string>;
}

export async function openStage(options: CollectorOptions = {}): Promise<Stage> {
  const collector = await openCollector({ passwordCost: CHEAP, ...options });
  const { url, api: admin } = collector;
  return {
    collector,
    admin,
    visitor: () => new Visitor(url),
    async user(email, rights = {}) {
      const request = { email, place: 'default', role: 'debugger', ...rights };
      const { user, link } = await admin.expect<InvitationView>('POST', '/users', request);
      const code = link!.path.split('=')[1];
      const page = await new Visitor(url).ask(`${url}/auth/set-password`, {
        method: 'POST',
        body: { code, password: PASSWORD },
      });
      if (page.status !== 200) throw new Error(page.text);
      return user.id;
    },
    async link(api = admin) {
      return url + (await api.expect<LinkView>('POST', '/console-links', {})).path;
    },
  };
}

export const errorOf = ({ text }: Page): { code: string; message: string } =>
  (JSON.parse(text) as { error: { code: string; message: string } }).error;
