import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { weave } from '../src/index.ts';

const PROGRAMS: Readonly<Record<string, string>> = {
  'a function': `function pay(order) {
  const total = order.total;
  if (total > 1)
    throw new RangeError('too much: ' + total);
}
pay({ total: 2 });
`,
  'a function with functions in functions': `function pay(order) {
  const deep = () => () => order.total;
  const total = deep()();
  throw new RangeError('too much: ' + total);
}
pay({ total: 2 });
`,
  'a generator': `function* pay(order) {
  const total = yield 1;
  if (!total)
    throw new RangeError('too much: ' + total);
}
[...pay({ total: 2 })];
`,
  'what a generator calls': `const parse = (order) => {
  const total = order.amount;
  throw new RangeError('too much: ' + total); };
function* pay(order) {
  yield 1; parse(order) }
[...pay({ total: 2 })];
`,
  'an async function': `async function pay(order) {
  const total = await order.total;
  throw new RangeError('too much: ' + total);
}
pay({ total: 2 });
`,
  'what an async function awaits': `const load = async (order) => {
  await null;
  throw new RangeError('too much: ' + order.total);
};
async function pay(order) {
  const total =
    await load(order);
  return total + (await load(order)).total;
}
pay({ total: 2 });
`,
  'an async generator': `async function* pay(order) {
  const total = yield 1;
  throw new RangeError('too much: ' + total);
}
(async () => { for await (const x of pay({ total: 2 })); })();
`,
  'a field': `class Order {
  total = 1;
  paid = pay(this);
}
function pay(order) {
  throw new RangeError('too much: ' + order.total); }
new Order();
`,
};

it.each(Object.entries(PROGRAMS))(
  'an error of %s that nobody catches is printed as before',
  (_what, program) => {
    const directory = mkdtempSync(join(tmpdir(), 'dormouse-uncaught-'));
    const path = join(directory, 'main.cjs');
    const printed = (code: string): { head: readonly string[]; status: number | null } => {
      writeFileSync(path, code);
      const { stderr, status } = spawnSync(process.execPath, [path], { encoding: 'utf8' });
      return { head: withoutColumns(stderr.replaceAll(path, 'main.cjs')), status };
    };
    try {
      const original = printed(program);
      const woven = printed(weave(program, { filename: path, root: directory }).code);
      expect(original.head[0]).toMatch(/:\d+$/);
      expect(original.head[1]).toContain('throw new');
      expect(woven.head[1]).toContain('too much');
      expect({ ...woven, head: woven.head.toSpliced(1, 1) }).toEqual({
        ...original,
        head: original.head.toSpliced(1, 1),
      });
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
);

/** Node prints the woven source line, and a caret under it; nor are columns those of the original. */
function withoutColumns(text: string): readonly string[] {
  return text
    .split('\n')
    .filter((line) => !/^\s*\^+$/.test(line))
    .map((line) => line.replace(/:(\d+):\d+(\)?)$/, ':$1$2'));
}
