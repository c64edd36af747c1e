import vm from 'node:vm';
import type { LineHook } from '@dormouse/protocol';
import { SWITCH_PREFIX } from '@dormouse/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { realmOf } from '../src/switchboard/realm.ts';
import { takeRegistry } from '../src/switchboard/registry.ts';
import { createSwitchboard, type Switchboard } from '../src/switchboard/switchboard.ts';
import { armFile } from './support/armed.ts';
import { commandAt } from './support/commands.ts';
import { startCollector, type TestCollector } from './support/collector.ts';
import { nodes, run, writeProgram, type Running } from './support/program.ts';
import { weaveSource } from './support/woven.ts';

const PRICE = `(function price(quantity, each) {
  const total = quantity * each;
  return total;
})`;
const RETURN_LINE = 3;

const giveBacks: (() => void)[] = [];
afterEach(() => {
  for (const giveBack of giveBacks.splice(0)) giveBack();
});

let scripts = 0;

/** A woven script to be run in contexts, and a switchboard that hears of the contexts it adopts. */
function weaveForContexts(source: string) {
  const filename = `in-context-${++scripts}.cjs`;
  const { code, points } = weaveSource(source, filename);
  const board = createSwitchboard();
  return {
    board,
    points,
    adopt(global: object): void {
      const realm = realmOf(global);
      giveBacks.push(takeRegistry((file) => board.add(file, realm), realm));
    },
    runIn: (context: vm.Context): unknown => vm.runInContext(code, context, { filename }),
  };
}

type Call = (...values: unknown[]) => unknown;

function record(board: Switchboard, points: ReturnType<typeof weaveForContexts>['points']) {
  const hits: unknown[][] = [];
  const { owner, point } = points.point(RETURN_LINE);
  const at = { file: points.file.id, functionIndex: owner.index, pointIndex: point.index };
  const hook: LineHook = (...values) => {
    hits[hits.length] = values.slice(1);
  };
  const result = board.plug(at, hook);
  return { hits, result, unplug: () => board.unplug(at, hook) };
}

const contexts: readonly (readonly [string, () => vm.Context, (context: vm.Context) => object])[] = [
  ['its sandbox', () => vm.createContext({}), (context) => context],
  [
    'its globalThis',
    () => vm.createContext({}),
    (context) => vm.runInContext('globalThis', context) as object,
  ],
];

describe.each(contexts)('a context that was adopted by %s', (_how, createContext, globalOf) => {
  it('has its woven files armed, those that it had before and those that come', () => {
    const { board, points, adopt, runIn } = weaveForContexts(PRICE);
    const [before, after] = [createContext(), createContext()];
    const early = runIn(before) as Call;
    adopt(globalOf(before));
    adopt(globalOf(after));
    const { hits, result, unplug } = record(board, points);
    expect(result).toBe('plugged');
    const late = runIn(after) as Call;
    expect([early(2, 3), late(4, 5)]).toEqual([6, 20]);
    expect(hits).toEqual([
      [2, 3, 6],
      [4, 5, 20],
    ]);
    unplug();
    expect([early(2, 3), late(4, 5)]).toEqual([6, 20]);
    expect(hits).toHaveLength(2);
  });

  it('has a fresh switch object after the last probe, as little to be seen as the first', () => {
    const { board, points, adopt, runIn } = weaveForContexts(PRICE);
    const context = createContext();
    runIn(context);
    adopt(globalOf(context));
    const name = SWITCH_PREFIX + points.file.id;
    const before = vm.runInContext(
      `Object.getOwnPropertyDescriptor(globalThis, '${name}')`,
      context,
    ) as PropertyDescriptor;
    record(board, points).unplug();
    const after = vm.runInContext(
      `Object.getOwnPropertyDescriptor(globalThis, '${name}')`,
      context,
    ) as PropertyDescriptor;
    expect(after.value).not.toBe(before.value);
    expect({ ...after, value: { ...(after.value as object) } }).toEqual({
      ...before,
      value: { ...(before.value as object) },
    });
  });
});

describe('contexts', () => {
  it('that were not adopted run as if unwoven', () => {
    const { board, points, adopt, runIn } = weaveForContexts(PRICE);
    const adopted = vm.createContext({});
    adopt(adopted);
    runIn(adopted);
    const { hits } = record(board, points);
    expect((runIn(vm.createContext({})) as Call)(2, 3)).toBe(6);
    expect(hits).toEqual([]);
  });

  it('show their values with the kinds that these have there, and the global object by its name', () => {
    const context = vm.createContext({});
    const { code, points } = weaveSource(
      `(function show(list, map, set, error, date, bytes, pattern, plain, made) {
  const nothing = null;
  return nothing;
})`,
      'kinds-in-context.cjs',
    );
    const show = vm.runInContext(code, context) as Call;
    const values = vm.runInContext(
      `[[1, 2], new Map([['a', 1]]), new Set([1]), new RangeError('far'), new Date(0), new Uint8Array(2), /a/g, { a: 1 }, new (class Order { id = 7 })()]`,
      context,
    ) as unknown[];
    const { captures } = armFile(points, { realm: realmOf(context) }, commandAt(points, 3));
    show(...values);
    const locals = Object.fromEntries((captures[0]?.locals ?? []).map(({ key, value }) => [key, value]));
    expect(locals).toMatchObject({
      list: { type: 'array', class: 'Array', length: 2 },
      map: { type: 'map', class: 'Map', size: 1 },
      set: { type: 'set', class: 'Set', size: 1 },
      error: { type: 'error', class: 'RangeError', message: 'far' },
      date: { type: 'date', value: '1970-01-01T00:00:00.000Z' },
      bytes: { type: 'binary', class: 'Uint8Array', byteLength: 2 },
      pattern: { type: 'regexp', value: '/a/g' },
      plain: { type: 'object', class: 'Object', properties: [{ key: 'a' }] },
      made: { type: 'object', class: 'Order', properties: [{ key: 'id' }] },
    });
    expect(captures[0]?.self).toMatchObject({ type: 'object', class: 'globalThis', properties: [] });
  });
});

const collectors: TestCollector[] = [];
const running: Running[] = [];
afterEach(async () => {
  for (const process of running.splice(0)) process.kill();
  for (const collector of collectors.splice(0)) await collector.kill();
});

const RUNTIME = new URL('../dist/index.js', import.meta.url).href;

/** A program with a woven script, to be run in contexts; it waits until the script is armed in the first of them. */
function contextProgram(body: string) {
  const { code, points } = weaveSource(PRICE, 'script.js');
  const program = writeProgram(`import vm from 'node:vm';
import { adoptContext } from '${RUNTIME}';
const code = Buffer.from('${Buffer.from(code).toString('base64')}', 'base64').toString();
const armed = async (context) => {
  const isArmed = () => Object.entries(context['${SWITCH_PREFIX}${points.file.id}']).some(([key, field]) => key !== 'w' && typeof field === 'function');
  while (!isArmed()) await new Promise((resolve) => setTimeout(resolve, 5));
};
${body}`);
  return { program, points };
}

describe.each(nodes)('a process of Node $version', (node) => {
  async function outcomeOf(body: string, flags: readonly string[] = []) {
    const collector = await startCollector();
    collectors.push(collector);
    const { program, points } = contextProgram(body);
    collector.want(commandAt(points, RETURN_LINE));
    const started = run(program, { node, flags, url: collector.url, env: { DORMOUSE_MANIFEST: '/nowhere' } });
    running.push(started);
    const outcome = await started.outcome;
    return { outcome, captures: collector.captures };
  }

  it.each(['before', 'after'])(
    'shows hits in a context that it adopts %s the file is evaluated',
    async (when) => {
      const { outcome, captures } = await outcomeOf(`const context = vm.createContext({});
if (${when === 'before'}) adoptContext(context);
const price = vm.runInContext(code, context);
if (${when === 'after'}) adoptContext(context);
await armed(context);
console.log(price(2, 3));
`);
      expect(outcome).toMatchObject({ code: 0, stdout: '6\n', stderr: '' });
      expect(captures[0]?.locals?.at(-1)).toEqual({ key: 'total', value: { type: 'number', value: 6 } });
    },
  );

  it('lets go of contexts that its program lets go of, though they were armed and hit', async () => {
    const { outcome, captures } = await outcomeOf(
      `const context = vm.createContext({});
adoptContext(context);
vm.runInContext(code, context);
await armed(context);
const refs = Array.from({ length: 5 }, () => {
  const context = vm.createContext({});
  adoptContext(context);
  vm.runInContext(code, context)(2, 3);
  return new WeakRef(context);
});
const living = () => refs.filter((ref) => ref.deref() !== undefined).length;
for (let round = 0; round < 50 && living() > 0; round++) {
  await new Promise((resolve) => setTimeout(resolve, 10));
  gc();
}
console.log(living());
`,
      ['--expose-gc'],
    );
    expect([outcome.stdout, captures.length]).toEqual(['0\n', 5]);
  });
});
