import { describe, expect, it } from 'vitest';
import { armedFirst, collect, launch, priceProbe } from './support/processes.ts';
import { nodes, writeProgram, type NodeBinary } from './support/program.ts';

/** Where parts of the language or of Node are forbidden, frozen or faked, probes work as elsewhere. */

/** Freezes all that is to be reached from the global object, as SES and other hardened environments do. */
const HARDEN = `const reached = new Set([process]);
function harden(value) {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || reached.has(value)) return;
  reached.add(Object.freeze(value));
  harden(Object.getPrototypeOf(value));
  for (const { value: held, get, set } of Object.values(Object.getOwnPropertyDescriptors(value))) {
    for (const part of [held, get, set]) harden(part);
  }
}
for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(globalThis))) {
  if (!name.startsWith('$dm_') && value !== globalThis) harden(value);
}
`;

const preload = (code: string): string[] => ['--import', `data:text/javascript,${encodeURIComponent(code)}`];

/** Node 26 asks for the network too. */
function permissionFlags({ version }: NodeBinary): string[] {
  const major = Number.parseInt(version, 10);
  const flag = major < 24 ? '--experimental-permission' : '--permission';
  return [flag, '--allow-fs-read=*', ...(major < 26 ? [] : ['--allow-net'])];
}

describe.each(nodes)('on Node $version', (node) => {
  it.each<[what: string, flags: readonly string[]]>([
    ['without code from strings', ['--disallow-code-generation-from-strings']],
    ['without __proto__', ['--disable-proto=delete']],
    ['where __proto__ throws', ['--disable-proto=throw']],
    ['with frozen intrinsics', ['--frozen-intrinsics']],
    ['where every deprecation throws', ['--pending-deprecation', '--throw-deprecation']],
    ['where everything is strict', ['--use-strict']],
    ['without a JIT', ['--jitless']],
    ['with the permission to read files', permissionFlags(node)],
    ['hardened before the runtime is loaded', preload(HARDEN)],
  ])('%s a probe is armed and its evidence arrives', async (_what, flags) => {
    const collector = await collect();
    const program = armedFirst('console.log(price(2, 3));');
    collector.want(priceProbe(program, { condition: 'total > 5', watches: ['quantity + 1'] }));
    const env = { DORMOUSE_DEBUG: '1' };
    const options = { node, url: collector.url, flags: ['--no-warnings', ...flags], env };
    const { code, stdout, stderr } = await launch(program, options).outcome;
    expect({ code, stdout }).toEqual({ code: 0, stdout: '6\n' });
    expect(stderr).not.toContain('defect');
    await collector.until(() => collector.captures.length === 1);
    expect(collector.captures[0]).toMatchObject({ watches: [{ value: { value: 3 } }] });
  });

  it('where the language has lost what the runtime needs, the program runs as ever, without an agent', async () => {
    const collector = await collect();
    const program = writeProgram("console.log('end');");
    const flags = preload('delete Symbol.prototype.description; delete RegExp.prototype.sticky;');
    const outcome = await launch(program, { node, url: collector.url, flags }).outcome;
    expect(outcome).toEqual({ code: 0, signal: null, stdout: 'end\n', stderr: '' });
    expect(collector.connections).toEqual([]);
  });

  it('hardened while a probe is armed, its evidence goes on arriving', async () => {
    const collector = await collect();
    const program = armedFirst(`price(1, 1);
${HARDEN}
price(2, 2);
await new Promise((resolve) => setTimeout(resolve, 250));
console.log(Object.isFrozen(Map.prototype), price(3, 3));`);
    collector.want(priceProbe(program));
    const options = { node, url: collector.url, env: { DORMOUSE_DEBUG: '1' } };
    const { code, stdout, stderr } = await launch(program, options).outcome;
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'true 9\n' });
    expect(stderr).not.toContain('defect');
    await collector.until(() => collector.captures.length === 3);
  });

  it('where the program fakes its timers and sets its clocks back and forth, evidence goes on arriving', async () => {
    const collector = await collect();
    const program = armedFirst(`const wait = setTimeout;
const real = { date: Date.now, now: performance.now.bind(performance) };
const jumps = [-1e12, 0, 1e12];
let jump = 0;
Date.now = () => real.date() + jumps[jump];
performance.now = () => real.now() + jumps[jump] / 1e6;
for (const timer of ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask']) globalThis[timer] = () => {};
for (jump = 0; jump < jumps.length; jump++) {
  price(jump, 1);
  await new Promise((resolve) => wait(resolve, 150));
}`);
    const probe = priceProbe(program, { limits: { expiresInMs: 60_000 } });
    collector.want(probe);
    await launch(program, { node, url: collector.url }).outcome;
    await collector.until(() => collector.captures.length === 3);
    expect(collector.reports.get(probe.id)?.state).toBe('armed');
    const [first, , last] = collector.captures.map(({ at }) => at);
    expect(Math.abs((last as number) - (first as number))).toBeLessThan(60_000);
  });
});
