import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

const EVALUATE = new URL('../dist/evaluate/index.js', import.meta.url).href;
const PARSE = new URL('../dist/parse/index.js', import.meta.url).href;

/** What every kind of node makes of a value, as JSON; with `$1` as the program left it. */
const PROGRAM = `
  import { compile, verify } from ${JSON.stringify(EVALUATE)};
  import { parseExpression } from ${JSON.stringify(PARSE)};
  const source = \`[
    order.total > 10 && order.items.some(item => item.sku === 'x'),
    order.name.match(/(d)(?<rest>o.)/).groups.rest,
    order.name.replace(/o/g, '0').split(''),
    \\\`\\\${Math.max(order.total, 3)}\\\`,
    ({ a: typeof order, b: order instanceof Order }),
    Object.entries(order.items[0])
  ]\`;
  class Order { total = 12; name = 'dormouse'; items = [{ sku: 'x' }]; }
  const evaluate = compile(verify(parseExpression(source).tree), new Map([['order', 0]]));
  console.log(JSON.stringify(evaluate([new Order()])));
`;

const NODE_FLAGS: readonly (readonly string[])[] = [
  [],
  ['--disallow-code-generation-from-strings'],
  ['--frozen-intrinsics'],
  ['--disable-proto=throw'],
];

it.each(NODE_FLAGS)('evaluates the same with Node flags %s', (...flags) => {
  const output = execFileSync(process.execPath, [...flags, '--input-type=module', '-e', PROGRAM], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  expect(JSON.parse(output)).toEqual([
    true,
    'or',
    ['d', '0', 'r', 'm', '0', 'u', 's', 'e'],
    '12',
    { a: 'object', b: true },
    [['sku', 'x']],
  ]);
});
