import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { weave } from '../src/index.ts';
import { nodeVersions } from './harness/nodes.ts';

/** Prints which of the values it awaited, yielded or was given are still there while it waits for something else. */
const PROGRAM = `const made = {};
const make = (name, value = { size: new Array(1000).fill(name) }) => { made[name] = new WeakRef(value); return value; };
const turn = () => new Promise((resolve) => setTimeout(resolve, 1));
const once = (name) => make(name, { then(resolve) { setTimeout(() => resolve(make(name + ' resolved')), 30); } });
const rejects = (name) => Promise.reject(make(name));
async function waits() {
  await make('awaited');
  await Promise.resolve(make('resolved'));
  let kept = await Promise.resolve(make('assigned'));
  kept = undefined;
  const size = (await Promise.resolve(make('read'))).size.length + (await make('in a sum')).size.length;
  try { await rejects('rejected') } catch { }
  try { size.x.y } catch { }
  for await (const v of [make('looped'), Promise.resolve(make('looped, resolved'))]) if (v.size.length < 1) continue;
  await turn();
  await turn();
}
const held = [];
async function* yields() {
  yield make('yielded');
  let got = yield make('yielded and assigned');
  got = undefined;
  yield (yield make('yielded twice')) && undefined;
  yield* [make('delegated')];
  yield;
}
async function drains() {
  const generator = yields();
  held.push(generator);
  await generator.next();
  for (let n = 1; n < 5; n++) await generator.next(make('sent ' + n));
}
async function parked() { await once('thenable') }
const collect = async () => {
  void waits();
  void parked();
  await drains();
  for (let n = 0; n < 8; n++) await turn();
  gc();
  await turn();
  gc();
  console.log(JSON.stringify(Object.keys(made).filter((name) => made[name].deref() !== undefined)), held.length);
};
collect();
`;

const RUNNER = fileURLToPath(new URL('harness/run-armed.mjs', import.meta.url));

describe.each(nodeVersions())('on Node $major', ({ path: node }) => {
  const directory = mkdtempSync(join(tmpdir(), 'dormouse-held-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const printed = (name: string, code: string, manifest?: unknown): string => {
    const program = join(directory, `${name}.cjs`);
    writeFileSync(program, code);
    writeFileSync(`${program}.json`, JSON.stringify(manifest ?? null));
    const armed = manifest === undefined ? [] : [`${program}.json`];
    return execFileSync(node, ['--expose-gc', RUNNER, program, ...armed], { encoding: 'utf8' });
  };

  it('an async function holds nothing that it awaited, and a generator nothing that it yielded', () => {
    const { code, manifest } = weave(PROGRAM, { filename: 'held.cjs', root: '.' });
    const original = printed('original', PROGRAM);
    expect(original).toContain(' 1');
    expect(printed('idle', code)).toBe(original);
    expect(printed('armed', code, manifest)).toBe(original);
  });
});
