import type { Capture, CapturedProperty, DryRunOutcome, DryRunView } from '@dormouse/protocol';
import { describe, expect, test } from 'vitest';
import { openCollector } from './support/collector.ts';
import { MANIFEST_A } from './support/manifest.ts';

const text = (value: string) => ({ type: 'string', value }) as const;
const number = (value: number) => ({ type: 'number', value }) as const;

const LOCALS: readonly CapturedProperty[] = [
  { key: 'amount', value: number(48_212.5) },
  { key: 'secret', value: { type: 'redacted', rule: 'name' } },
  {
    key: 'note',
    value: { type: 'string', value: 'a long', length: 5_000, omitted: { reason: 'stringLength' } },
  },
  {
    key: 'order',
    value: {
      type: 'object',
      class: 'Order',
      id: 1,
      properties: [
        { key: 'id', value: text('o-1') },
        { key: 'token', value: { type: 'redacted', rule: 'name' } },
        { key: 'deep', value: { type: 'omitted', omitted: { reason: 'depth' } } },
        { key: 'total', value: { type: 'accessor' } },
        { key: 'self', value: { type: 'reference', id: 1 } },
        {
          key: 'lines',
          value: {
            type: 'array',
            class: 'Array',
            length: 4,
            items: [1, 2].map((quantity) => ({
              type: 'object' as const,
              class: 'Object',
              properties: [{ key: 'quantity', value: number(quantity) }],
            })),
            omitted: { reason: 'collectionSize', count: 2 },
          },
        },
      ],
    },
  },
  {
    key: 'limits',
    value: {
      type: 'map',
      class: 'Map',
      size: 1,
      entries: [[text('eu'), number(10_000)]],
    },
  },
  {
    key: 'wide',
    value: {
      type: 'object',
      class: 'Object',
      properties: [{ key: 'a', value: number(1) }],
      omitted: { reason: 'fieldCount', count: 7 },
    },
  },
];

async function captured(extra: Partial<Capture> = {}) {
  const { api, agent } = await openCollector();
  const process = await agent({}, MANIFEST_A);
  const { id } = await api.snapshot();
  const capture = process.capture(id, { locals: LOCALS, ...extra });
  await process.deliver([capture]);
  const path = `/captures/${capture.id}/dry-run`;
  const run = (body: object): Promise<DryRunView> => api.expect('POST', path, body);
  const watch = async (source: string): Promise<Omit<DryRunOutcome, 'source'>> => {
    const { watches } = await run({ watches: [source] });
    const [{ source: asked, ...outcome }] = watches as [DryRunOutcome];
    expect(asked).toBe(source);
    return outcome;
  };
  return { api, run, watch, refuse: (body: object) => api.fail('POST', path, body) };
}

const TRUE = { value: { type: 'boolean', value: true } };
const unknown = (path: string, reason: string) => ({ unknown: { path, reason } });

describe('a dry run', () => {
  test('comes to what the process would have come to', async () => {
    const { watch, run } = await captured({
      returned: text('ok'),
      durationMs: 12.5,
      context: { user: '42' },
    });
    for (const source of [
      'amount > 10000',
      "order.id === 'o-1'",
      "limits.get('eu') < amount",
      'order.self === order',
      'order instanceof Order',
      'order.lines.length === 4',
      'order.lines[1].quantity === 2',
      'order.lines.some(line => line.quantity === 2)',
      "$return === 'ok' && $duration > 10 && $ctx.user === '42'",
      "'token' in order",
    ])
      expect([source, await watch(source)]).toEqual([source, TRUE]);
    expect(await watch('order')).toEqual({ value: LOCALS[3]!.value });
    expect(await watch('[order.id, -0, 10n]')).toEqual({
      value: {
        type: 'array',
        class: 'Array',
        length: 3,
        items: [text('o-1'), { type: 'number', value: '-0' }, { type: 'bigint', value: '10' }],
      },
    });
    expect(await run({ condition: 'amount > 1', expect: 'amount < 1' })).toMatchObject({
      condition: { source: 'amount > 1', ...TRUE },
      expect: { value: { value: false } },
    });
  });

  test.each([
    ['note.length', unknown('note', 'stringLength')],
    ['order.deep.x', unknown('order.deep', 'depth')],
    ['order.customer', unknown('order.customer', 'absent')],
    ['order.lines[3].quantity', unknown('order.lines[3]', 'collectionSize')],
    ['order.lines.every(line => line.quantity > 0)', unknown('order.lines[2]', 'collectionSize')],
    ['wide.b === undefined', unknown('wide.b', 'fieldCount')],
    ["'b' in wide", unknown('wide.b', 'fieldCount')],
    ['Object.keys(wide)', unknown('wide', 'cut')],
    ['order instanceof Invoice', unknown('order', 'class')],
    ['Object.keys(order.lines[0])', unknown('order', 'cut')],
    ['$hits > 3', unknown('$hits', 'absent')],
    ['order.self.deep', unknown('order.deep', 'depth')],
  ])('says what could not be known: %s', async (source, outcome) => {
    const { watch } = await captured();
    expect(await watch(source)).toEqual(outcome);
  });

  test('needs to know only what it comes to', async () => {
    const { watch } = await captured();
    expect(await watch('amount > 1 || note.length > 3')).toEqual(TRUE);
    expect(await watch('amount > 1 && note.length > 3')).toEqual(unknown('note', 'stringLength'));
    expect(await watch('wide.a === 1')).toEqual(TRUE);
    expect(await watch('order.lines.map(note => note.quantity)')).toMatchObject(
      unknown('order.lines[2]', 'collectionSize'),
    );
  });

  test('fails where the process would have failed', async () => {
    const { watch, refuse } = await captured();
    expect((await watch('order.total')).error).toMatch(/getter is never run/);
    expect((await watch('limits.get("us").x')).error).toMatch(/read from undefined/);
    expect(await refuse({ watches: ['amout'] })).toMatchObject({
      code: 'UNKNOWN_VARIABLE',
      path: 'watches[0]',
      suggestions: ['amount'],
    });
    expect(await refuse({ condition: 'order.token' })).toMatchObject({ code: 'REDACTED_NAME' });
    expect(await refuse({ condition: 'amount >' })).toMatchObject({
      code: 'SYNTAX_ERROR',
      path: 'condition',
    });
    expect(await refuse({})).toMatchObject({ code: 'INVALID_REQUEST' });
  });

  test('writes a log’s text, and says in it what is not known', async () => {
    const { run } = await captured();
    const { message, template } = await run({ template: 'order {order.id} of {order.deep} {{{amount}}}' });
    expect(message).toBe('order o-1 of {unknown: order.deep (depth)} {48212.5}');
    expect(template).toHaveLength(3);
  });

  test('knows errors as errors, and their class', async () => {
    const { watch } = await captured({
      threw: { type: 'error', class: 'PaymentError', message: 'declined', properties: [] },
    });
    expect(await watch('$error instanceof Error && $error instanceof PaymentError')).toEqual(TRUE);
    expect(await watch("$error.message.includes('declined')")).toEqual(TRUE);
    expect(await watch('$error.code')).toEqual(unknown('$error.code', 'absent'));
  });

  test('does not mark more holes than it may, whatever a capture says of itself', async () => {
    const long = { type: 'array', class: 'Array', length: 9_000, items: [] } as const;
    const { watch } = await captured({
      locals: [
        { key: 'one', value: { ...long, omitted: { reason: 'collectionSize' } } },
        { key: 'two', value: { ...long, omitted: { reason: 'collectionSize' } } },
      ],
    });
    expect(await watch('one.length')).toEqual({ value: number(9_000) });
    expect(await watch('one[7]')).toEqual(unknown('one[7]', 'collectionSize'));
    expect(await watch('two.length')).toEqual(unknown('two', 'collectionSize'));
  });

  test('is of captures with variables', async () => {
    const { api, agent } = await openCollector();
    const process = await agent({}, MANIFEST_A);
    const { id } = await api.snapshot();
    const { locals: _locals, ...capture } = process.capture(id, { kind: 'log', message: 'hi' });
    await process.deliver([capture]);
    const path = `/captures/${capture.id}/dry-run`;
    expect(await api.fail('POST', path, { condition: 'a' })).toMatchObject({ code: 'INVALID_REQUEST' });
    expect(await api.fail('POST', '/captures/none/dry-run', { condition: 'a' })).toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});
