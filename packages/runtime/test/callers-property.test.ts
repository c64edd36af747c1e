import type { Capture } from '@dormouse/protocol';
import { expect, it } from 'vitest';
import { armScript } from './support/armed.ts';
import { commandAt, stepsFor } from './support/commands.ts';

/** Calls of random programs know who called them: whatever a trail says has to be the same. */

interface Plan {
  readonly id: number;
  readonly steps: readonly Step[];
}

type Step =
  | { readonly does: 'hit' | 'wait' | 'reject' }
  | { readonly does: 'sync' | 'async' | 'fail'; readonly plan: Plan }
  | { readonly does: 'all'; readonly plans: readonly Plan[] };

const PROGRAM = `(() => {
  function leaf(way) {
    return way;
  }
  function sync(plan, way) {
    const id = plan.id;
    const here = way + '>' + id;
    for (const step of plan.steps) {
      if (step.does === 'hit') leaf(here);
      if (step.does === 'sync') sync(step.plan, here);
      if (step.does === 'fail') {
        try {
          sync(step.plan, here);
        } catch {
          leaf(here);
        }
      }
      if (step.does === 'reject') throw new Error(here);
    }
    return id;
  }
  async function later(plan, way) {
    const id = plan.id;
    const here = way + '>' + id;
    for (const step of plan.steps) {
      if (step.does === 'hit') leaf(here);
      if (step.does === 'sync') sync(step.plan, here);
      if (step.does === 'async') await later(step.plan, here);
      if (step.does === 'wait') await new Promise((resolve) => setTimeout(resolve, id % 3));
      if (step.does === 'all') await Promise.all(step.plans.map((plan) => later(plan, here)));
      if (step.does === 'fail') {
        try {
          await later(step.plan, here);
        } catch (error) {
          leaf(here);
        }
      }
      if (step.does === 'reject') throw new Error(here);
    }
    return id;
  }
  return later;
})()`;

const LEAF_LINE = 3;
const CASES = Number(process.env['DORMOUSE_CASES'] ?? 40);

async function run(mayRunTogether: boolean): Promise<readonly Capture[]> {
  const random = mulberry32(20_261_121);
  const { captures, value } = armScript(PROGRAM, (woven) => ({
    ...commandAt(woven, LEAF_LINE, {
      limits: { hits: 1_000_000, hitsPerSecond: 5_000 },
      capture: { depth: 0, frames: 0, timeMs: 15 },
    }),
    callers: { most: 10, functions: [stepsFor(woven, 'sync'), stepsFor(woven, 'later')] },
  }));
  const later = value as (plan: Plan, way: string) => Promise<unknown>;
  let next = 0;
  const plan = (depth: number, isAsync: boolean): Plan => ({
    id: ++next,
    steps: Array.from({ length: 1 + Math.floor(random() * 4) }, () => step(depth, isAsync)),
  });
  const step = (depth: number, isAsync: boolean): Step => {
    const chance = random();
    if (depth === 0 || chance < 0.25) return { does: 'hit' };
    if (chance < 0.3) return { does: 'reject' };
    if (chance < 0.45) return { does: 'sync', plan: plan(depth - 1, false) };
    if (chance < 0.55) return { does: 'fail', plan: plan(depth - 1, isAsync) };
    if (!isAsync) return { does: 'hit' };
    if (chance < 0.75) return { does: 'async', plan: plan(depth - 1, true) };
    if (chance < 0.9 || !mayRunTogether) return { does: 'wait' };
    return { does: 'all', plans: [plan(depth - 1, true), plan(depth - 1, true)] };
  };
  for (let round = 0; round < CASES; round += 20) {
    const roots = Array.from({ length: 20 }, () => later(plan(5, true), '').catch(() => {}));
    await Promise.all(roots);
  }
  expect(captures.length).toBeGreaterThan(CASES);
  return captures;
}

it('a trail names the calls that led to a hit, all of them and no others, in random programs', async () => {
  for (const capture of await run(false)) expect(named(capture)).toBe(wayOf(capture));
});

it('a trail names no others where callers end before those they called', async () => {
  for (const capture of await run(true)) {
    const way = wayOf(capture).split('>');
    const names = named(capture).split('>');
    const onTheWay = way.filter((id) => names.includes(id));
    expect([names, names.at(-1)]).toEqual([onTheWay, way.at(-1)]);
  }
});

const wayOf = ({ locals }: Capture): string => {
  const way = locals?.[0]?.value;
  return way?.type === 'string' ? way.value : 'no way';
};

/** The ids of a trail, outermost first, as the program writes them. */
const named = ({ trail = [] }: Capture): string =>
  trail
    .map(({ at }) => at?.locals.find(({ key }) => key === 'id')?.value)
    .map((id) => `>${id?.type === 'number' ? id.value : '?'}`)
    .reverse()
    .join('');

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
