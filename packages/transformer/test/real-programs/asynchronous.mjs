/** Servers, streams, schedulers: much of their work is done later. */
import { once } from 'node:events';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

export const asynchronous = {
  fastify: async () => {
    const fastify = require('fastify');
    const app = fastify();
    const order = [];
    app.decorateRequest('user', null);
    for (const hook of [
      'onRequest',
      'preParsing',
      'preValidation',
      'preHandler',
      'preSerialization',
      'onSend',
      'onResponse',
    ])
      app.addHook(hook, async () => void order.push(hook));
    app.setErrorHandler((error, _request, reply) =>
      reply.status(error.statusCode ?? 500).send({ failed: error.message, code: error.code }),
    );
    await app.register(
      async (inner) => {
        inner.addHook('preHandler', async (request) => void (request.user = 'inner'));
        inner.get('/user', async ({ user }) => ({ user }));
      },
      { prefix: '/inner' },
    );
    const body = { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } };
    app.post(
      '/double/:name',
      {
        schema: {
          body,
          response: {
            200: { type: 'object', properties: { n: { type: 'number' }, name: { type: 'string' } } },
          },
        },
      },
      async ({ body, params }) => ({ n: body.n * 2, name: params.name, hidden: true }),
    );
    app.get('/boom', async () => {
      throw Object.assign(new Error('boom'), { statusCode: 418 });
    });
    const answers = [];
    for (const request of [
      { url: '/inner/user' },
      { url: '/double/x', method: 'POST', payload: { n: '21' } },
      { url: '/double/x', method: 'POST', payload: {} },
      { url: '/boom' },
      { url: '/none?a=1' },
      { url: '/double/x', method: 'POST', payload: '{', headers: { 'content-type': 'application/json' } },
    ]) {
      const { statusCode, payload, headers } = await app.inject(request);
      answers.push([statusCode, payload, headers['content-type'], headers['content-length']]);
    }
    await app.close();
    return [answers, order];
  },
  pino: () => {
    const pino = require('pino');
    const lines = [];
    const log = pino(
      {
        base: { app: 'a' },
        timestamp: false,
        redact: ['password', 'deep.*.secret'],
        serializers: { n: (n) => n * 2 },
        mixin: () => ({ m: 1 }),
      },
      { write: (line) => lines.push(line) },
    );
    log.info({ n: 21, password: 'x', deep: { a: { secret: 1, open: 2 } } }, 'hello %s %d %j', 'you', 3, {
      a: [1],
    });
    const child = log.child({ req: 7 }, { level: 'debug' });
    child.debug('detail');
    log.debug('not seen');
    const circular = { name: 'c' };
    circular.self = circular;
    child.warn(circular);
    log.level = 'silent';
    log.error('not seen');
    return lines;
  },
  ws: async () => {
    const { WebSocket, WebSocketServer } = require('ws');
    const server = new WebSocketServer({ port: 0, perMessageDeflate: { threshold: 100 } });
    const seen = [];
    server.on('connection', (socket) => {
      socket.on('message', (data, binary) =>
        socket.send(binary ? data : `echo ${String(data).length} ${String(data).slice(0, 10)}`, { binary }),
      );
      socket.on('close', (code, reason) => seen.push(['closed', code, String(reason)]));
    });
    await once(server, 'listening');
    const client = new WebSocket(`ws://127.0.0.1:${server.address().port}`);
    await once(client, 'open');
    for (const message of ['short', 'long '.repeat(5_000), Buffer.from([1, 2, 3])]) {
      client.send(message);
      const [data, binary] = await once(client, 'message');
      seen.push([String(data), binary]);
    }
    client.send('frag', { fin: false });
    client.send('ments', { fin: true });
    seen.push(String((await once(client, 'message'))[0]));
    client.ping('p');
    seen.push(String((await once(client, 'pong'))[0]));
    client.close(4001, 'done');
    const [code] = await once(client, 'close');
    await new Promise((closed) => server.close(closed));
    return [seen, code];
  },
  rxjs: async () => {
    const {
      Subject,
      combineLatest,
      concatMap,
      defer,
      firstValueFrom,
      from,
      groupBy,
      lastValueFrom,
      map,
      merge,
      mergeMap,
      of,
      range,
      reduce,
      retry,
      scan,
      shareReplay,
      take,
      throwError,
      toArray,
      zip,
      catchError,
    } = require('rxjs');
    const { TestScheduler } = require('rxjs/testing');
    const subject = new Subject();
    const heard = [];
    subject
      .pipe(
        scan((sum, n) => sum + n, 0),
        map((n) => n * 2),
      )
      .subscribe({ next: (n) => heard.push(n), complete: () => heard.push('done') });
    for (const n of [1, 2, 3]) subject.next(n);
    subject.complete();
    let tries = 0;
    const flaky = defer(() => (tries++ < 2 ? throwError(() => new Error('no')) : of('yes'))).pipe(
      retry(3),
      shareReplay(1),
    );
    const marbles = [];
    new TestScheduler((actual, expected) =>
      marbles.push([JSON.stringify(actual) === JSON.stringify(expected), actual]),
    ).run(({ cold, expectObservable }) => {
      expectObservable(merge(cold('a-b|'), cold('--c|')).pipe(map((v) => v.toUpperCase()))).toBe('A-(BC)|', {
        A: 'A',
        B: 'B',
        C: 'C',
      });
    });
    return [
      heard,
      await firstValueFrom(flaky),
      await lastValueFrom(
        range(1, 30).pipe(
          groupBy((n) => n % 3),
          mergeMap((group) => group.pipe(reduce((sum, n) => sum + n))),
          toArray(),
        ),
      ),
      await lastValueFrom(
        zip(from([1, 2, 3]), of('a', 'b')).pipe(
          concatMap(async ([n, s]) => s + n),
          toArray(),
        ),
      ),
      await lastValueFrom(combineLatest([of(1, 2), of(3)]).pipe(take(5), toArray())),
      await lastValueFrom(
        throwError(() => new TypeError('t')).pipe(catchError((error) => of(error.message))),
      ),
      tries,
      marbles,
    ];
  },
  gensync: () => {
    const gensync = require('gensync');
    const read = gensync({ sync: (n) => n + 1, async: async (n) => n + 1 });
    const sum = gensync(function* (list) {
      const all = yield* gensync.all(list.map((n) => read(n)));
      return all.reduce((a, b) => a + b, 0);
    });
    return sum.sync([1, 2, 3]);
  },
  fastq: async () => {
    const fastq = require('fastq');
    const order = [];
    const queue = fastq.promise(async (n) => {
      order.push(`start ${n}`);
      await Promise.resolve();
      if (n === 3) throw new Error('three');
      order.push(`end ${n}`);
      return n * 2;
    }, 2);
    const results = await Promise.allSettled([1, 2, 3, 4].map((n) => queue.push(n)));
    return [order, results.map(({ value, reason }) => value ?? reason.message)];
  },
  'p-limit': async () => {
    const limit = require('p-limit')(2);
    const order = [];
    const work = (n) =>
      limit(async () => {
        order.push(n);
        await Promise.resolve();
        order.push(-n);
        return n;
      });
    return [await Promise.all([1, 2, 3, 4, 5].map(work)), order, limit.pendingCount];
  },
  tapable: async () => {
    const {
      AsyncParallelHook,
      AsyncSeriesWaterfallHook,
      HookMap,
      SyncBailHook,
      SyncLoopHook,
    } = require('tapable');
    const heard = [];
    const bail = new SyncBailHook(['a']);
    bail.tap('one', (a) => void heard.push(['one', a]));
    bail.tap({ name: 'first', stage: -1 }, (a) => (a > 1 ? 'bailed' : undefined));
    bail.intercept({ call: (a) => heard.push(['call', a]), tap: ({ name }) => heard.push(name) });
    const waterfall = new AsyncSeriesWaterfallHook(['v']);
    waterfall.tapPromise('p', async (v) => v + 1);
    waterfall.tapAsync('c', (v, done) => done(null, v * 2));
    const parallel = new AsyncParallelHook(['v']);
    parallel.tapPromise('p', async (v) => void heard.push(['p', v]));
    let turns = 0;
    const loop = new SyncLoopHook();
    loop.tap('l', () => (turns++ < 3 ? true : undefined));
    loop.call();
    const map = new HookMap(() => new SyncBailHook(['x']));
    map.for('k').tap('t', (x) => x);
    return [
      bail.call(1),
      bail.call(2),
      await waterfall.promise(3),
      await parallel.promise(4),
      turns,
      map.get('k').call(5),
      heard,
    ];
  },
  minipass: async () => {
    const { Minipass } = await import('minipass');
    const stream = new Minipass({ encoding: 'utf8' });
    const order = [];
    stream.on('end', () => order.push('end'));
    stream.write('a');
    stream.pipe(new Minipass()).on('data', (data) => order.push(String(data)));
    stream.end('b');
    const objects = new Minipass({ objectMode: true });
    for (const n of [1, 2, 3]) objects.write(n);
    objects.end();
    const read = [];
    for await (const n of objects) read.push(n);
    return [order, read, await new Minipass({ encoding: 'utf8' }).end('whole').concat()];
  },
};
