import { createRequire } from 'node:module';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Capture } from '@dormouse/protocol';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { parseBaggage } from '../src/context/baggage.ts';
import { contextObject, currentContext } from '../src/context/current.ts';
import { requestContext as expressContext } from '../src/context/express.ts';
import { requestContext as fastifyContext } from '../src/context/fastify.ts';
import { setContext, withContext } from '../src/context/index.ts';
import { requestContext as koaContext } from '../src/context/koa.ts';
import type { Headers } from '../src/context/request.ts';
import { slot, wantContext } from '../src/context/slot.ts';
import { parseTraceparent } from '../src/context/traceparent.ts';
import { armScript, type Armed } from './support/armed.ts';
import { commandAt, type CommandOptions } from './support/commands.ts';

const require = createRequire(import.meta.url);
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

/** What tests do to be followed, undone after each. */
const undo: (() => void)[] = [];
afterEach(() => {
  for (const run of undo.splice(0)) run();
});

describe('traceparent', () => {
  it.each([
    ['of version 00', `00-${TRACE}-${SPAN}-01`, { traceId: TRACE, spanId: SPAN }],
    ['of a later version, with more behind', `01-${TRACE}-${SPAN}-00-more`, { traceId: TRACE, spanId: SPAN }],
    ['of version 00 with more behind', `00-${TRACE}-${SPAN}-01-more`, undefined],
    ['of version ff', `ff-${TRACE}-${SPAN}-01`, undefined],
    ['without a trace', `00-${'0'.repeat(32)}-${SPAN}-01`, undefined],
    ['without a span', `00-${TRACE}-${'0'.repeat(16)}-01`, undefined],
    ['in upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`, undefined],
    ['with other separators', `00_${TRACE}_${SPAN}_01`, undefined],
    ['too short', `00-${TRACE}-${SPAN}`, undefined],
    ['of nothing', '', undefined],
  ])('%s', (_what, header, ids) => {
    expect(parseTraceparent(header)).toEqual(ids);
  });
});

describe('headers of any text', () => {
  const header = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.stringMatching(/^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(-x)?$/),
    fc
      .array(fc.string({ unit: fc.constantFrom(...'ab=;,% "\\\t\u0000é') }), { maxLength: 80 })
      .map((parts) => parts.join('=')),
  );

  it('give ids that are ids, and attributes within their bounds', () => {
    undo.push(wantContext());
    fc.assert(
      fc.property(
        header,
        header,
        fc.dictionary(fc.string(), fc.anything()),
        (traceparent, baggage, given) => {
          const attributes = (): never => given as never;
          let seen: ReturnType<typeof currentContext> | undefined;
          expressContext({ attributes })({ headers: { traceparent, baggage } }, {}, () => {
            seen = currentContext();
          });
          for (const [name, value] of Object.entries(seen!.attributes)) {
            expect(name).toMatch(/^[^\p{Cc}]{1,128}$/u);
            expect(value.length).toBeLessThanOrEqual(256);
          }
          expect(Object.keys(seen!.attributes).length).toBeLessThanOrEqual(64);
          if (seen!.trace !== undefined)
            expect(traceparent).toContain(`-${seen!.trace.traceId}-${seen!.trace.spanId}-`);
        },
      ),
      { numRuns: Number(process.env['DORMOUSE_CASES'] ?? 300) },
    );
  });
});

describe('baggage', () => {
  it('is read without properties, decoded, and without what is no member', () => {
    const header = 'user=42, tenant = acme%20co;ttl=5,bad name=1,=2,none,percent=%zz,__proto__=x';
    expect({ ...parseBaggage(header) }).toEqual({ user: '42', tenant: 'acme co', ['__proto__']: 'x' });
  });

  it('is bounded in bytes, members and their length', () => {
    expect(parseBaggage(`a=${'x'.repeat(9_000)}`)).toEqual({});
    const many = parseBaggage(Array.from({ length: 100 }, (_, index) => `k${index}=1`).join(','));
    expect(Object.keys(many)).toHaveLength(64);
    expect(parseBaggage(`a=${'x'.repeat(1_000)}`)['a']).toHaveLength(256);
  });
});

describe('the context of a request', () => {
  it('is not followed while nobody wants it', () => {
    const seen = withContext({ user: 1 }, () => {
      setContext({ tenant: 'acme' });
      return slot.requests.getStore();
    });
    expect(seen).toBeUndefined();
  });

  it('adds up from its beginnings, in a bounded number of plain values', () => {
    undo.push(wantContext());
    withContext({ user: 1, admin: true, nothing: null, object: {} as never }, () => {
      setContext({ user: 2n, long: 'x'.repeat(1_000) });
      expect(currentContext().attributes).toEqual({ user: '2', admin: 'true', long: 'x'.repeat(256) });
      withContext({ user: 3 }, () => expect(currentContext().attributes['user']).toBe('3'));
      expect(currentContext().attributes['user']).toBe('2');
    });
    expect(currentContext().attributes).toEqual({});
  });

  it('has room for what the program says, whatever its caller’s baggage is full of', () => {
    undo.push(wantContext());
    const baggage = Array.from({ length: 64 }, (_, index) => `k${index}=1`).join(',');
    const request = { headers: { baggage } };
    expressContext({ attributes: () => ({ user: 1, k63: 2 }) })(request, {}, () => {
      setContext({ tenant: 'acme' });
      const { attributes } = currentContext();
      expect(attributes).toMatchObject({ user: '1', tenant: 'acme', k0: '1', k63: '2' });
      expect(Object.keys(attributes)).toHaveLength(64);
    });
  });

  it('follows what the function that set it does from there on', async () => {
    undo.push(wantContext());
    const job = async (user: number): Promise<string | undefined> => {
      await pause(1);
      setContext({ user });
      await pause(1);
      return currentContext().attributes['user'];
    };
    expect(await Promise.all([job(1), job(2)])).toEqual(['1', '2']);
    expect(currentContext().attributes).toEqual({});
  });

  it('leaves a program alone whose attributes fail', () => {
    undo.push(wantContext());
    const hostile = Object.defineProperty({}, 'user', {
      enumerable: true,
      get() {
        throw new Error('hostile');
      },
    });
    expect(withContext(hostile, () => 'ran')).toBe('ran');
    expect(() => setContext(hostile)).not.toThrow();
    const next = (): void => expect(contextObject()).toEqual({});
    expressContext({
      attributes() {
        throw new Error('hostile');
      },
    })({ headers: { traceparent: {} as string } }, {}, next);
  });

  it('lets go of all requests with the last who wants them', () => {
    const release = wantContext();
    const releaseOther = wantContext();
    release();
    release();
    expect(slot.wanted).toBe(1);
    releaseOther();
    expect(slot.wanted).toBe(0);
  });

  it('is shared by two copies of the runtime', async () => {
    undo.push(wantContext());
    const path = '../src/context/request.ts?copy';
    const copy = (await import(path)) as { readonly withContext: typeof withContext };
    expect(copy.withContext).not.toBe(withContext);
    expect(copy.withContext({ user: 7 }, () => currentContext().attributes['user'])).toBe('7');
  });
});

/** What a handler does: a woven function, called after the body has come and something was waited for. */
const HANDLER = `(function (body) {\n  return body;\n})`;

interface App {
  readonly server: Server;
  close(): Promise<void>;
}

type Handle = (body: unknown) => unknown;
interface Request {
  readonly headers: Headers;
}
const options = {
  attributes: ({ headers }: Request) => ({ user: headers['x-user'] as string, token: 'hunter2-hunter2' }),
};

const apps: Readonly<Record<string, (handle: Handle) => Promise<App>>> = {
  async express(handle) {
    const express = require('express');
    const app = express();
    app.use(expressContext(options));
    app.use(express.json());
    app.post('/', async (request: { body: unknown }, response: { json(value: unknown): void }) => {
      await pause(1);
      setContext({ tenant: 'acme' });
      response.json(handle(request.body));
    });
    return listen(createServer(app));
  },
  async koa(handle) {
    const Koa = require('koa');
    const app = new Koa();
    app.use(koaContext(options));
    app.use(async (context: { req: AsyncIterable<Buffer>; body: unknown }) => {
      let text = '';
      for await (const chunk of context.req) text += chunk.toString();
      await pause(1);
      setContext({ tenant: 'acme' });
      context.body = handle(JSON.parse(text));
    });
    return listen(createServer(app.callback()));
  },
  async fastify(handle) {
    const app = require('fastify')();
    app.register(fastifyContext(options));
    app.post('/', async (request: { body: unknown }) => {
      await pause(1);
      setContext({ tenant: 'acme' });
      return handle(request.body);
    });
    await app.listen({ port: 0, host: '127.0.0.1' });
    return { server: app.server, close: () => app.close() };
  },
};

async function listen(server: Server): Promise<App> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    server,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

describe.each(Object.keys(apps))('a probe behind %s', (name) => {
  async function ask(armed: Armed, users: readonly string[]): Promise<Capture[]> {
    const { server, close } = await apps[name]!(armed.value as Handle);
    const { port } = server.address() as AddressInfo;
    const answers = await Promise.all(
      users.map(async (user) => {
        const response = await fetch(`http://127.0.0.1:${port}/`, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'x-user': user,
            traceparent: `00-${TRACE}-${SPAN}-01`,
            baggage: 'region=eu',
          },
          body: JSON.stringify({ user, padding: 'x'.repeat(100_000) }),
        });
        return ((await response.json()) as { user: string }).user;
      }),
    );
    expect(answers).toEqual(users);
    await close();
    return armed.captures;
  }

  const arm = (commandOptions: CommandOptions, context?: Record<string, string>): Armed => {
    const armed = armScript(HANDLER, (woven) => ({
      ...commandAt(woven, 2, commandOptions),
      ...(context !== undefined && { context }),
    }));
    undo.push(() => armed.want());
    return armed;
  };

  it('shows which request its hits are of, without its secrets', async () => {
    const captures = await ask(arm({ template: '{$ctx.user} of {$ctx.tenant}' }), ['1', '2', '3']);
    expect(captures.map(({ message }) => message).toSorted()).toEqual([
      '1 of acme',
      '2 of acme',
      '3 of acme',
    ]);
    expect(captures[0]).toMatchObject({
      traceId: TRACE,
      spanId: SPAN,
      context: { region: 'eu', tenant: 'acme', token: '[redacted:name]' },
    });
  });

  it('follows no request once it is disarmed', () => {
    const armed = arm({}, { user: '2' });
    expect(slot.wanted).toBe(1);
    armed.want();
    expect(slot.wanted).toBe(0);
  });

  it('waits for one user', async () => {
    const armed = arm({}, { user: '2', traceId: TRACE });
    const captures = await ask(armed, ['1', '2', '3']);
    expect(captures).toMatchObject([{ context: { user: '2' } }]);
    expect(armed.probes.takeReports()[0]).toMatchObject({ seen: 3, matched: 1, skipped: { context: 2 } });
  });

  it('waits for what a condition says of the request', async () => {
    const captures = await ask(arm({ condition: '$ctx.user > 2 && $ctx.region === "eu"' }), ['1', '3']);
    expect(captures).toMatchObject([{ context: { user: '3' } }]);
  });
});
