import { CONTRACT_VERSION, DEFAULT_PROCESS_LIMITS, type WovenFile } from '@dormouse/protocol';
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
