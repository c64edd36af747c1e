import type { CaptureView, ProbeRequest, ProbeView, StackFrame, TrailCall } from '@dormouse/protocol';
import { describe, expect, test } from 'vitest';
import { openCollector } from './support/collector.ts';
import { BUILD_A, makeManifest, RISK, type FileSpec } from './support/manifest.ts';

/** `place` calls `assess`; `handle` waits for `place`; callbacks without names stand in one line of it. */
const DESK: FileSpec = {
  path: 'src/desk.ts',
  functions: [
    {
      name: 'Desk.place',
      line: 10,
      endLine: 20,
      points: [
        { line: 11, locals: ['draft'] },
        { line: 13, endLine: 16, locals: ['draft', 'order'] },
        { line: 15, column: 7, locals: ['draft', 'order'] },
      ],
    },
    { name: 'handle', line: 30, endLine: 40, points: [{ line: 31 }, { line: 33 }] },
    { name: '<anonymous>', line: 35, endLine: 35, points: [{ line: 35, column: 20 }] },
    { name: '<anonymous>', line: 35, endLine: 35, points: [{ line: 35, column: 50 }] },
  ],
};

const MANIFEST = makeManifest(BUILD_A, [RISK, DESK]);
const SNAPSHOT: ProbeRequest = {
  kind: 'snapshot',
  service: 'trades',
  location: { file: 'risk.ts', line: 13 },
  callers: 3,
};

const frame = (name: string, file: string, line: number, column = 3, async = false): StackFrame => ({
  function: name,
  file,
  line,
  column,
  ...(async && { async }),
});
const HIT = frame('assess', 'src/risk.ts', 13);
const PLACE = frame('Branch.place', 'src/desk.ts', 14, 9);
const HANDLE = frame('handle', 'src/desk.ts', 33, 18, true);
const FOREIGN = frame('Server.emit', 'node:events', 500);

const DESK_FILE = '000000000001';
const call = (functionIndex: number, line: number, waits = false, column = 3): TrailCall => ({
  file: DESK_FILE,
  functionIndex,
  waits,
  at: { line, column, locals: [{ key: 'draft', value: { type: 'number', value: line } }] },
});
const IN_PLACE = call(0, 13);
const IN_HANDLE = call(1, 33, true);

/** A probe that has learnt the way over `place` and `handle` from its first capture. */
async function learnt() {
  const { api, agent } = await openCollector();
  const process = await agent({}, MANIFEST);
  const probe = await api.expect<ProbeView>('POST', '/probes', SNAPSHOT);
  await process.next('probes');
  const show = async (stack: readonly StackFrame[], trail: readonly TrailCall[]): Promise<CaptureView> => {
    await process.deliver([process.capture(probe.id, { stack, trail })]);
    const { captures } = await api.get<{ captures: CaptureView[] }>(
      `/captures?probe=${probe.id}&order=newest`,
    );
    return captures[0]!;
  };
  const first = await show([HIT, FOREIGN, PLACE, HANDLE], []);
  return { process, probe, show, first };
}

describe('callers', () => {
  test('are learnt from the stack of a capture, and told to the process', async () => {
    const { process, probe, first } = await learnt();
    expect(probe.callers).toBe(3);
    expect(first).not.toHaveProperty('callers');
    expect(first).not.toHaveProperty('trail');
    await process.handled();
    const functions = [
      { file: DESK_FILE, functionIndex: 0, function: 'Desk.place', source: 'src/desk.ts' },
      { file: DESK_FILE, functionIndex: 1, function: 'handle' },
    ];
    expect(process.wanted).toMatchObject([{ id: probe.id, callers: { most: 3, functions } }]);
  });

  test('are shown at the frames that they are, on the stack and waiting', async () => {
    const { show } = await learnt();
    const { callers } = await show([HIT, FOREIGN, PLACE, HANDLE], [IN_PLACE, IN_HANDLE]);
    expect(callers).toEqual([
      { frame: 2, ...IN_PLACE.at },
      { frame: 3, ...IN_HANDLE.at },
    ]);
  });

  const none: readonly [string, readonly StackFrame[], readonly TrailCall[]][] = [
    ['a call has ended unseen', [HIT, PLACE], [IN_PLACE, call(0, 11)]],
    ['another function is on the stack', [HIT, PLACE, HANDLE], [call(1, 33), IN_HANDLE]],
    ['a call that runs seems to wait', [HIT, PLACE], [call(0, 13, true)]],
    ['a call that waits seems to run', [HIT, { ...PLACE, async: true }], [IN_PLACE]],
    ['a call waits in another statement than it was seen in', [HIT, HANDLE], [call(1, 31, true)]],
    [
      'a call waits in a statement inside of it',
      [HIT, { ...PLACE, line: 15, async: true }],
      [call(0, 13, true)],
    ],
    ['a frame is of one of two functions', [HIT, frame('<anonymous>', 'src/desk.ts', 35, 60)], [call(2, 35)]],
  ];
  test.each(none)('are not shown where %s', async (_why, stack, trail) => {
    const { show } = await learnt();
    expect(await show(stack, trail)).not.toHaveProperty('callers');
  });

  test('are shown as far as the process followed them', async () => {
    const { show } = await learnt();
    const { callers } = await show([HIT, PLACE, PLACE, HANDLE], [IN_PLACE]);
    expect(callers).toEqual([{ frame: 1, ...IN_PLACE.at }]);
  });

  test('that wait for something else do not hide those that are certain', async () => {
    const { show } = await learnt();
    const { callers } = await show([HIT, PLACE], [IN_PLACE, IN_HANDLE]);
    expect(callers).toEqual([{ frame: 1, ...IN_PLACE.at }]);
  });

  test('are nobody’s where none were asked for, and at most ten', async () => {
    const { api, agent } = await openCollector();
    const process = await agent({}, MANIFEST);
    const { callers: _three, ...plain } = SNAPSHOT;
    await api.expect('POST', '/probes', plain);
    expect((await process.next('probes')).probes[0]).not.toHaveProperty('callers');
    expect(await api.refuse({ ...SNAPSHOT, callers: 11 })).toMatchObject({ path: 'callers' });
  });
});

describe('a snapshot of a call that throws', () => {
  test('follows its lines, and its captures keep the last one', async () => {
    const { api, agent } = await openCollector();
    const process = await agent({}, MANIFEST);
    const location = { file: 'risk.ts', function: 'assess' };
    const probe = await api.expect<ProbeView>('POST', '/probes', {
      kind: 'snapshot',
      service: 'trades',
      on: 'throw',
      location,
    });
    const { probes } = await process.next('probes');
    expect(probes).toMatchObject([{ lines: { functionIndex: 0, points: [{ line: 11 }, {}, {}, {}] } }]);
    const lastLine = { line: 18, column: 3, locals: [] };
    await process.deliver([process.capture(probe.id, { on: 'throw', lastLine })]);
    const { captures } = await api.get<{ captures: CaptureView[] }>(`/captures?probe=${probe.id}`);
    expect(captures).toMatchObject([{ lastLine }]);
  });
});
