import {
  CONTRACT_VERSION,
  DEFAULT_PROCESS_LIMITS,
  type ProbeLimits,
  type WovenFile,
} from '@dormouse/protocol';
import { describe, expect, it } from 'vitest';
import { createProbeSet } from '../src/agent/probe-set.ts';
import type { HitEnvironment } from '../src/hit/gate.ts';
import type { Prohibition } from '../src/policy/policy.ts';
import { ProcessBudget } from '../src/budget/budget.ts';
import { createSwitchboard } from '../src/switchboard/switchboard.ts';
import { commandAt } from './support/commands.ts';
import { runWoven } from './support/woven.ts';

const environment = (): HitEnvironment => ({
  budget: new ProcessBudget(DEFAULT_PROCESS_LIMITS),
  nextCaptureId: () => 'capture',
  enqueue: () => undefined,
});

describe('a probe whose file is not loaded', () => {
  it('says that nothing woven runs, then that it waits, and is armed', () => {
    const woven = runWoven('(function (a) {\n  return a;\n})');
    const board = createSwitchboard();
    const probes = createProbeSet(
      board,
      environment(),
      () => true,
      () => undefined,
    );
    const load = (file: string): void => {
      board.add({ contract: CONTRACT_VERSION, file, functions: 1 } satisfies WovenFile);
      probes.fileLoaded();
    };
    probes.apply([commandAt(woven, 2)]);
    expect(probes.takeReports()).toMatchObject([
      { state: 'received', message: expect.stringContaining('unwoven code') },
    ]);
    load('eeeeeeeeeeee');
    expect(probes.takeReports()).toMatchObject([
      { state: 'received', message: 'Waits until its file is loaded.' },
    ]);
    load(woven.file.id);
    expect(probes.takeReports()).toMatchObject([{ state: 'armed' }]);
    expect(probes.takeReports()[0]).not.toHaveProperty('message');
    probes.disarmAll('killSwitch');
  });
});

describe('a probe of a process that has lost its collector', () => {
  it('is armed by the collector only, whatever else is allowed again meanwhile', () => {
    const woven = runWoven('(function (a) {\n  return a;\n})');
    const board = createSwitchboard();
    board.add({ contract: CONTRACT_VERSION, file: woven.file.id, functions: woven.file.functions.length });
    let prohibition: Prohibition | undefined;
    const probes = createProbeSet(
      board,
      environment(),
      () => true,
      () => prohibition,
    );
    const command = commandAt(woven, 2);
    const stands = (): unknown => probes.takeReports().map(({ state, cause }) => cause ?? state);
    probes.apply([command]);
    prohibition = ['killSwitch', 'switched off'];
    probes.enforce();
    expect(stands()).toEqual(['killSwitch']);
    probes.disarmAll('collectorLost');
    prohibition = undefined;
    probes.enforce();
    expect(stands()).toEqual(['collectorLost']);
    probes.apply([command]);
    expect(stands()).toEqual(['armed']);
    probes.disarmAll('removed');
  });
});

describe('a probe that is given other limits', () => {
  const armed = () => {
    const woven = runWoven('(function (a) {\n  return a;\n})');
    const board = createSwitchboard();
    board.add({ contract: CONTRACT_VERSION, file: woven.file.id, functions: woven.file.functions.length });
    const probes = createProbeSet(
      board,
      environment(),
      () => true,
      () => undefined,
    );
    const command = commandAt(woven, 2);
    return {
      apply: (limits: Partial<ProbeLimits>) =>
        probes.apply([{ ...command, limits: { ...command.limits, ...limits } }]),
      call: woven.value as (value: number) => number,
      end: () => probes.disarmAll('removed'),
      stands: (): unknown => {
        probes.settle();
        return probes.takeReports().map(({ state, cause, captured }) => [cause ?? state, captured]);
      },
    };
  };

  it('goes on where it had shown all that it might, and counts on', () => {
    const { apply, call, stands, end } = armed();
    apply({ hits: 1 });
    call(1);
    call(2);
    expect(stands()).toEqual([['hitLimit', 1]]);
    apply({ hits: 3 });
    expect(stands()).toEqual([['armed', 1]]);
    for (const value of [3, 4, 5]) call(value);
    expect(stands()).toEqual([['hitLimit', 3]]);
    apply({ hits: 2 });
    expect(stands()).toEqual([['hitLimit', 3]]);
    end();
  });

  it('goes on where its time was over', async () => {
    const { apply, call, stands, end } = armed();
    apply({ expiresInMs: 1 });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(stands()).toEqual([['expired', 0]]);
    apply({ expiresInMs: 60_000 });
    call(1);
    expect(stands()).toEqual([['armed', 1]]);
    end();
  });

  it('shows as many a second as it is told last', () => {
    const { apply, call, stands, end } = armed();
    apply({ hits: 100, hitsPerSecond: 50 });
    apply({ hits: 100, hitsPerSecond: 1 });
    for (let value = 0; value < 20; value++) call(value);
    expect(stands()).toEqual([['armed', 1]]);
    end();
  });
});
