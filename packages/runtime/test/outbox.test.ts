import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DEFAULT_PROCESS_LIMITS,
  LIMITS,
  type Capture,
  type CapturesMessage,
  type DropReason,
  type StackFrame,
} from '@dormouse/protocol';
import { describe, expect, it } from 'vitest';
import { createBucket } from '../src/budget/bucket.ts';
import { ProcessBudget } from '../src/budget/budget.ts';
import { captureSize } from '../src/transport/capture-size.ts';
import { pack } from '../src/transport/codec.ts';
import { createOutbox, type Outbox, type OutboxEnvironment } from '../src/transport/outbox.ts';
import { unpack } from './support/collector.ts';
import { logCapture } from './support/commands.ts';
import { callsOfPatched } from './support/patched.ts';

const MEGABYTE = 1_048_576;

/** Its probes may send as much as they like. */
type OpenOutbox = Omit<Outbox, 'offer'> & { offer(capture: Capture): DropReason | undefined };

const openOutbox = (environment: OutboxEnvironment): OpenOutbox => {
  const outbox = createOutbox(environment);
  const bytesOfProbe = createBucket(Infinity);
  return Object.assign(outbox, {
    offer: (
      (offer) => (capture: Capture) =>
        offer(capture, bytesOfProbe)
    )(outbox.offer),
  });
};

interface Bench {
  readonly outbox: OpenOutbox;
  readonly sent: CapturesMessage[];
  readonly drops: [string, DropReason][];
  accepts: boolean;
  isOnline: boolean;
  mapsReady: boolean;
  wakes: number;
  flush(): void;
  ids(): string[][];
}

function openBench(bytesPerSecond = Number.POSITIVE_INFINITY): Bench {
  const translate = (frame: StackFrame): StackFrame => ({ ...frame, file: 'translated' });
  const bench: Bench = {
    outbox: openOutbox({
      positions: { ready: () => bench.mapsReady, translate },
      budget: new ProcessBudget({ ...DEFAULT_PROCESS_LIMITS, bytesPerSecond }),
      isOnline: () => bench.isOnline,
      wake: () => bench.wakes++,
      onDrop: (probe, reason) => bench.drops.push([probe, reason]),
    }),
    wakes: 0,
    sent: [],
    drops: [],
    accepts: true,
    isOnline: true,
    mapsReady: true,
    flush() {
      bench.outbox.flush((message) => {
        if (bench.accepts) bench.sent.push(unpack(message) as CapturesMessage);
        return bench.accepts;
      });
    },
    ids: () => bench.sent.map((batch) => batch.captures.map((capture) => capture.id)),
  };
  return bench;
}

describe('the outbox', () => {
  it('sends what waits as one batch, in order, and forgets it when it is stored', () => {
    const { outbox, flush, sent, ids } = openBench();
    const captures = [logCapture(), logCapture(), logCapture()];
    for (const capture of captures) expect(outbox.offer(capture)).toBeUndefined();
    flush();
    flush();
    expect(ids()).toEqual([captures.map((capture) => capture.id)]);
    expect(outbox.isEmpty).toBe(false);
    outbox.acknowledge(sent[0]?.batch as number);
    expect(outbox.isEmpty).toBe(true);
  });

  it('sends again, on the next connection, exactly what was not stored', () => {
    const { outbox, flush, sent } = openBench();
    outbox.offer(logCapture());
    flush();
    outbox.offer(logCapture());
    flush();
    outbox.acknowledge(sent[0]?.batch as number);
    outbox.connectionLost();
    flush();
    expect(sent.map((batch) => batch.batch)).toEqual([1, 2, 2]);
    expect(sent[2]).toEqual(sent[1]);
  });

  it('keeps the order when the connection takes nothing for a while', () => {
    const bench = openBench();
    bench.accepts = false;
    for (let round = 0; round < 3; round++) {
      bench.outbox.offer(logCapture());
      bench.flush();
    }
    bench.accepts = true;
    bench.flush();
    expect(bench.sent.map((batch) => batch.batch)).toEqual([1, 2, 3]);
  });

  it('takes at most 64 KiB into a batch, and one batch in a flush', () => {
    const { outbox, flush, ids } = openBench();
    for (let index = 0; index < 30; index++) outbox.offer(logCapture(6_000));
    flush();
    expect(ids()).toHaveLength(1);
    flush();
    flush();
    expect(ids().map((batch) => batch.length)).toEqual([11, 11, 8]);
  });

  it('compresses what it sends', () => {
    const { outbox } = openBench();
    for (let index = 0; index < 10; index++) outbox.offer(logCapture(6_000));
    let bytes = 0;
    outbox.flush((message) => {
      bytes += message.byteLength;
      return true;
    });
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThan(6_000);
  });

  it('refuses a capture that is too large, and everything once it is full', () => {
    const bench = openBench();
    const { outbox } = bench;
    expect(outbox.offer(logCapture(LIMITS.captureBytes))).toBe('payloadTooLarge');
    for (let index = 0; index < 10; index++)
      expect(outbox.offer(logCapture(MEGABYTE - 1_000))).toBeUndefined();
    expect(outbox.offer(logCapture(MEGABYTE - 1_000))).toBe('queueFull');
    bench.isOnline = false;
    expect(outbox.offer(logCapture(MEGABYTE - 1_000))).toBe('disconnected');
    expect(outbox.offer(logCapture(1_000))).toBeUndefined();
  });

  it('has room again when a batch is stored, not when it is sent', () => {
    const { outbox, flush, sent } = openBench();
    const fill = (): number => {
      for (let count = 0; ; count++) {
        const message = randomBytes(650_000).toString('base64');
        if (outbox.offer(logCapture(0, { message })) !== undefined) return count;
      }
    };
    const flushAll = (): void => {
      for (let index = 0; index < 20; index++) flush();
    };
    expect(fill()).toBe(12);
    // What is compressed takes less room.
    for (flushAll(); fill() > 0; flushAll());
    flushAll();
    expect(fill()).toBe(0);
    for (const { batch } of sent.slice(0, 3)) outbox.acknowledge(batch);
    expect(fill()).toBeGreaterThan(0);
  });

  it('refuses what is more than the bytes of a second', () => {
    const { outbox } = openBench(10_000);
    expect(outbox.offer(logCapture(6_000))).toBeUndefined();
    expect(outbox.offer(logCapture(6_000))).toBe('rateLimitBytes');
    expect(outbox.offer(logCapture(2_000))).toBeUndefined();
  });

  it('asks for a flush for the first capture that waits, and not for what follows it', () => {
    const bench = openBench();
    const wakesOf = (count: number): number => {
      const before = bench.wakes;
      for (let index = 0; index < count; index++) bench.outbox.offer(logCapture());
      return bench.wakes - before;
    };
    expect(wakesOf(1)).toBe(1);
    bench.flush();
    expect(wakesOf(3)).toBe(1);
    bench.flush();
    // There is more to send than one by one.
    expect(wakesOf(1)).toBe(0);
    bench.flush();
    expect(wakesOf(1)).toBe(1);
  });

  it('asks for a few flushes in a row only, and at once again after a while', async () => {
    const bench = openBench();
    const offerAndFlush = (): void => {
      bench.outbox.offer(logCapture());
      bench.flush();
    };
    for (let index = 0; index < 1_000; index++) offerAndFlush();
    expect(bench.wakes).toBeLessThan(500);
    const before = bench.wakes;
    await sleep(100);
    offerAndFlush();
    expect(bench.wakes).toBe(before + 1);
  });

  it('says when to flush again: at once, soon, or at the tick', () => {
    const bench = openBench();
    const flush = (): string => bench.outbox.flush(() => bench.accepts);
    bench.outbox.offer(logCapture());
    expect(flush()).toBe('soon');
    expect(flush()).toBe('later');
    for (let index = 0; index < 20; index++) bench.outbox.offer(logCapture(6_000));
    expect(flush()).toBe('now');
    bench.accepts = false;
    expect(flush()).toBe('later');
  });

  it('queues without a call of what the program may have replaced', () => {
    const { outbox } = openBench();
    const capture = logCapture(10, { locals: [{ key: 'a', value: { type: 'number', value: 1 } }] });
    expect(callsOfPatched(() => outbox.offer(capture))).toEqual([]);
  });

  it('gives up a batch that ten connections did not survive, and counts each of its captures', () => {
    const { outbox, flush, sent, drops } = openBench();
    outbox.offer(logCapture(10, { probe: 'a' }));
    outbox.offer(logCapture(10, { probe: 'b' }));
    for (let round = 0; round < 12; round++) {
      flush();
      outbox.connectionLost();
    }
    expect(sent).toHaveLength(10);
    expect(drops).toEqual([
      ['a', 'disconnected'],
      ['b', 'disconnected'],
    ]);
    expect(outbox.isEmpty).toBe(true);
  });

  it('blames only the batch that would have been next for a lost connection', () => {
    const { outbox, flush, drops } = openBench();
    for (const probe of ['a', 'b']) {
      outbox.offer(logCapture(10, { probe }));
      flush();
    }
    for (let round = 0; round < 10; round++) {
      flush();
      outbox.connectionLost();
    }
    expect(drops).toEqual([['a', 'disconnected']]);
    expect(outbox.isEmpty).toBe(false);
  });

  it('does not blame a batch for connections it was never sent on', () => {
    const bench = openBench();
    bench.accepts = false;
    bench.outbox.offer(logCapture());
    for (let round = 0; round < 20; round++) {
      bench.flush();
      bench.outbox.connectionLost();
    }
    bench.accepts = true;
    bench.flush();
    expect(bench.sent).toHaveLength(1);
  });

  it('counts what cannot be encoded and sends the rest', () => {
    const bench = openBench();
    bench.outbox.offer(logCapture());
    bench.flush();
    bench.outbox.offer({
      ...logCapture(10, { probe: 'bad' }),
      stack: {
        map: () => {
          throw new Error('no');
        },
      } as never,
    });
    bench.flush();
    expect(bench.drops).toEqual([['bad', 'encodeError']]);
    expect(bench.sent).toHaveLength(1);
  });

  it('waits for source maps, keeps the order meanwhile, and translates', () => {
    const bench = openBench();
    bench.mapsReady = false;
    const frame = { function: 'f', file: '/app/a.js', line: 1, column: 1 };
    bench.outbox.offer(logCapture(10, { stack: [frame] }));
    bench.outbox.offer(logCapture());
    bench.flush();
    expect(bench.sent).toHaveLength(0);
    bench.mapsReady = true;
    bench.flush();
    expect(bench.sent[0]?.captures[0]?.stack).toEqual([{ ...frame, file: 'translated' }]);
    expect(bench.sent[0]?.captures).toHaveLength(2);
  });

  it('sends everything at exit, maps or not', () => {
    const bench = openBench();
    bench.mapsReady = false;
    for (let index = 0; index < 30; index++) {
      bench.outbox.offer(
        logCapture(100_000, { stack: [{ function: 'f', file: '/a.js', line: 1, column: 1 }] }),
      );
    }
    bench.outbox.flushAtExit((message) => bench.sent.push(unpack(message) as CapturesMessage) > 0);
    expect(bench.ids().flat()).toHaveLength(30);
  });
});

describe('captureSize', () => {
  it.each([
    ['a log', logCapture(500)],
    ['text beyond ASCII', logCapture(0, { message: 'ÄÖ€😀'.repeat(100) })],
    [
      'a snapshot',
      logCapture(0, {
        locals: Array.from({ length: 50 }, (_, index) => ({
          key: `variable${index}`,
          value: {
            type: 'object',
            class: 'Order',
            properties: [{ key: 'n', value: { type: 'number', value: index } }],
          },
        })),
      }),
    ],
  ] as const)('is close to what %s takes', (_name, capture) => {
    const actual = pack({ type: 'captures', batch: 1, captures: [capture] }).byteLength;
    expect(captureSize(capture)).toBeGreaterThan(actual * 0.8);
    expect(captureSize(capture)).toBeLessThan(actual * 1.4);
  });
});
