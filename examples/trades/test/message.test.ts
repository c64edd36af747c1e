import { expect, test } from 'vitest';

import { decodeOrder } from '../src/trades/partners/decode.ts';
import { partnerOf } from '../src/trades/partners/directory.ts';
import { formatMessage, parseMessage } from '../src/trades/partners/message.ts';

const order = new Map([
  ['11', 'M-7'],
  ['55', 'ALDR'],
  ['54', '1'],
  ['38', '40'],
  ['40', '2'],
  ['44', '183.5'],
  ['5011', 'prime'],
]);

test('a formatted message parses to the same values', () => {
  const parsed = parseMessage(formatMessage(order));
  expect([...parsed].slice(0, -1)).toEqual([...order]);
});

test("an order message becomes a draft, with the partner's own tags", () => {
  expect(decodeOrder(parseMessage(formatMessage(order)), partnerOf('p001'))).toEqual({
    clientOrderId: 'M-7',
    symbol: 'ALDR',
    side: 'buy',
    type: 'limit',
    quantity: 40,
    limitPrice: 183.5,
    desk: 'prime',
  });
});

test.each([
  ['a wrong checksum', '11=M-7|55=ALDR|10=000', /checksum is 000/],
  ['no checksum', '11=M-7|55=ALDR', /checksum is missing/],
  ['a tag that comes twice', '11=M-7|11=M-8|10=000', /Tag 11 comes twice/],
  ['a value without a tag', '11=M-7|ALDR|10=000', /"ALDR" is not a tagged value/],
])('a message with %s is refused', (_what, text, message) => {
  expect(() => parseMessage(text)).toThrow(message);
});

test.each([
  ['55', '', /Tag 55 is missing/],
  ['54', '3', /Tag 54 has none of the values/],
  ['38', '-4', /Tag 38 is not a positive number/],
])('an order with tag %s = "%s" is refused', (tag, value, message) => {
  const broken = new Map(order).set(tag, value);
  expect(() => decodeOrder(broken, partnerOf('p001'))).toThrow(message);
});
