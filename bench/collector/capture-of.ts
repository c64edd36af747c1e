import type { Capture, CapturedValue } from '@dormouse/protocol';

/** What a hit of a service that trades sends: a line of a log, or a snapshot. */
export const SHAPES = {
  /** 0.3 KB of JSON. */
  log: (n: number) => ({
    kind: 'log' as const,
    level: 'info' as const,
    message: `order ${n} of customer ${n % 977} was scored ${n % 100} in ${n % 13} ms`,
  }),
  /** 1.3 KB: four variables, one of them an object, and five frames. */
  snapshot: (n: number) => ({
    kind: 'snapshot' as const,
    locals: [
      { key: 'order', value: orderOf(n) },
      { key: 'score', value: number(n % 100) },
      { key: 'highValue', value: text('true') },
      { key: 'index', value: number(n) },
    ],
    stack: Array.from({ length: 5 }, (_, frame) => ({
      function: `assess${frame}`,
      file: `src/risk/engine/file${frame}.ts`,
      line: 10 + frame,
      column: 3,
    })),
  }),
} satisfies Record<string, (n: number) => Partial<Capture>>;

export type Shape = keyof typeof SHAPES;

const number = (value: number): CapturedValue => ({ type: 'number', value });
const text = (value: string): CapturedValue => ({ type: 'string', value });

const orderOf = (n: number): CapturedValue => ({
  type: 'object',
  class: 'Order',
  properties: [
    { key: 'id', value: text(`order-${n}`) },
    { key: 'customer', value: text(`customer-${n % 977}`) },
    { key: 'amount', value: number((n % 100_000) / 8) },
    { key: 'currency', value: text('EUR') },
    { key: 'quantity', value: number(n % 7) },
    { key: 'flags', value: { type: 'array', class: 'Array', length: 2, items: [text('vip'), text('eu')] } },
  ],
});

export function captureOf(shape: Shape, instance: string, probe: string, n: number): Capture {
  return {
    id: `${instance}-${n}`,
    probe,
    at: Date.now(),
    hit: n + 1,
    tookUs: 12.5,
    traceId: (n * 2_654_435_761).toString(16).padStart(32, '0').slice(-32),
    spanId: (n + 1).toString(16).padStart(16, '0'),
    ...SHAPES[shape](n),
  };
}
