import {
  DEFAULT_CAPTURE_LIMITS,
  LIMITS,
  MAX_CAPTURE_LIMITS,
  MAX_PROBE_LIMITS,
  METRIC_LIMITS,
  PATH_LIMITS,
  type ProbeCommand,
  type StepsPlace,
} from '@dormouse/protocol';
import fc from 'fast-check';
import { Packr } from 'msgpackr';
import { describe, expect, it } from 'vitest';
import { readMessage } from '../src/transport/incoming.ts';

const packr = new Packr({ useRecords: false });
const read = (message: unknown): ReturnType<typeof readMessage> => readMessage(packr.pack(message));

const command = {
  id: 'a',
  kind: 'snapshot',
  place: {
    on: 'line',
    file: '0123456789ab',
    functionIndex: 0,
    pointIndex: 1,
    self: true,
    locals: ['x'],
    outers: [],
  },
  watches: [],
  level: 'info',
  limits: { hits: 10, hitsPerSecond: 10, expiresInMs: 1_000 },
  capture: DEFAULT_CAPTURE_LIMITS,
} satisfies ProbeCommand;

const STEPS: StepsPlace = {
  file: '0123456789ab',
  functionIndex: 0,
  function: 'price',
  source: 'src/price.ts',
  synchronous: true,
  self: false,
  names: ['x'],
  parameters: [0],
  points: [{ line: 1, column: 1, self: false, locals: [0] }],
};

function readOne(fields: object): unknown {
  const message = read({ type: 'probes', revision: 1, probes: [{ ...command, ...fields }] });
  return message.type === 'probes' ? message.probes[0] : undefined;
}

describe('readMessage', () => {
  it('reads functions that are to be followed', () => {
    const followed = { lines: STEPS, callers: { most: 3, functions: [STEPS] } };
    expect(readOne(followed)).toMatchObject(followed);
  });

  it('reads each message of the protocol', () => {
    expect(read({ type: 'welcome', manifestNeeded: true })).toEqual({
      type: 'welcome',
      manifestNeeded: true,
    });
    expect(read({ type: 'stored', batch: 3 })).toEqual({ type: 'stored', batch: 3 });
    const policy = {
      type: 'policy',
      revision: 7,
      killed: true,
      reason: 'an incident',
      deny: ['src/vault/**'],
    };
    expect(read(policy)).toEqual(policy);
    expect(read({ ...policy, limits: { cpuShare: 0.001 } })).toEqual({
      ...policy,
      limits: { cpuShare: 0.001 },
    });
    expect(read({ type: 'refused', code: 'X', message: 'why' })).toEqual({
      type: 'refused',
      code: 'X',
      message: 'why',
    });
    expect(read({ type: 'probes', revision: 2, probes: [command] })).toEqual({
      type: 'probes',
      revision: 2,
      probes: [command],
    });
  });

  describe('a path', () => {
    const point = { line: 1, column: 1, self: false, locals: [0] };
    const root = {
      file: '0123456789ab',
      functionIndex: 0,
      function: 'f',
      source: 'src/f.ts',
      synchronous: true,
      self: false,
      names: ['n'],
      parameters: [0],
      points: [point, { ...point, outers: [0], branch: [0, 'then'] }],
    };
    const path = { root, includes: [root], steps: 500 };

    it('is read', () => {
      expect(readOne({ kind: 'path', path })).toMatchObject({ path });
    });

    it.each<[string, object]>([
      [
        'branches that go around in a circle',
        { root: { ...root, points: [{ ...point, branch: [0, 'then'] }] } },
      ],
      ['names that there are not', { root: { ...root, points: [{ ...point, locals: [1] }] } }],
      ['one step', { steps: 1 }],
      ['more steps than there may be', { steps: PATH_LIMITS.maxSteps + 1 }],
      ['more functions than there may be', { includes: Array(PATH_LIMITS.includes + 1).fill(root) }],
      ['a function that is none', { includes: [{}] }],
    ])('with %s is not', (_what, fields) => {
      expect(readOne({ kind: 'path', path: { ...path, ...fields } })).toEqual({
        id: 'a',
        invalid: "the command's path is not valid",
      });
    });
  });

  it.each([
    null,
    1,
    'text',
    [],
    {},
    { type: 'unknown' },
    { type: 'probes' },
    { type: 'probes', revision: 1 },
    { type: 'stored' },
  ])('refuses %j', (message) => {
    expect(() => read(message)).toThrow('not a message');
  });

  it('refuses any bytes with an error, never otherwise', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          readMessage(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
      { numRuns: Number(process.env['DORMOUSE_CASES'] ?? 300) },
    );
  });

  it.each([
    undefined,
    'src',
    [1],
    ['x'.repeat(LIMITS.denyEntryLength + 1)],
    Array(LIMITS.denyEntries + 1).fill('x'),
  ])('takes a deny list that it does not understand for one of everything: %j', (deny) => {
    expect(read({ type: 'policy', deny })).toEqual({
      type: 'policy',
      revision: 0,
      killed: false,
      deny: ['**'],
    });
  });

  it('takes what is no limit for none', () => {
    const limits = { cpuShare: -1, hitsPerSecond: 'none', bytesPerSecond: 10, unknown: 1 };
    expect(read({ type: 'policy', revision: 1, deny: [], limits })).toMatchObject({
      limits: { bytesPerSecond: 10 },
    });
    expect(read({ type: 'policy', revision: 1, deny: [], limits: 'low' })).toMatchObject({ limits: {} });
  });

  it('brings limits under their ceilings', () => {
    const huge = Object.fromEntries(Object.keys(command.capture).map((name) => [name, 1e12]));
    expect(
      readOne({ capture: huge, limits: { hits: 1e12, hitsPerSecond: 1e12, expiresInMs: 1e15 } }),
    ).toMatchObject({
      capture: MAX_CAPTURE_LIMITS,
      limits: MAX_PROBE_LIMITS,
    });
  });

  it.each([
    ['kind', 'breakpoint'],
    ['place', undefined],
    ['place', { ...command.place, on: 'exit' }],
    ['place', { ...command.place, file: 7 }],
    ['place', { ...command.place, functionIndex: -1 }],
    ['place', { ...command.place, functionIndex: 1.5 }],
    ['place', { ...command.place, pointIndex: '0' }],
    ['place', { ...command.place, locals: 'x' }],
    ['place', { ...command.place, locals: [1] }],
    ['place', { ...command.place, outers: undefined }],
    ['place', { ...command.place, self: 1 }],
    ['expect', 'x > 1'],
    ['verdict', { afterHits: -1 }],
    ['metric', { keys: METRIC_LIMITS.maxKeys + 1 }],
    ['metric', { keys: 0 }],
    ['metric', { keys: 1, by: 'x' }],
    ['metric', { keys: 1, value: 'x' }],
    ['metric', { by: { source: 'x' } }],
    ['condition', 'x > 1'],
    ['condition', { tree: {} }],
    ['watches', [{}]],
    ['watches', Array.from({ length: LIMITS.watches + 1 }, () => ({ source: 'x' }))],
    ['template', [1]],
    ['level', 'fatal'],
    ['to', 'stdout'],
    ['lines', {}],
    ['lines', { ...STEPS, points: [{ line: 1, column: 1, self: false, locals: [1] }] }],
    ['callers', { most: 11, functions: [] }],
    ['callers', { most: 1, functions: [{}] }],
    ['callers', { most: 1, functions: Array.from({ length: LIMITS.callerFunctions + 1 }, () => STEPS) }],
    ['limits', {}],
    ['limits', { ...command.limits, hits: Number.NaN }],
    ['limits', { ...command.limits, hits: -1 }],
    ['capture', { ...command.capture, depth: '4' }],
  ])('reports a command whose %s is %j, by its name', (name, value) => {
    expect(readOne({ [name]: value })).toEqual({ id: 'a', invalid: `the command's ${name} is not valid` });
  });

  it('reads the others beside a command that is wrong, and leaves out what has no id', () => {
    const probes = [{ id: 'bad' }, { ...command, id: 'good' }, { kind: 'log' }, null, 'text'];
    const message = read({ type: 'probes', revision: 1, probes });
    expect(message.type === 'probes' && message.probes.map(({ id }) => id)).toEqual(['bad', 'good']);
  });

  it('takes no more probes than a process may have', () => {
    const probes = Array.from({ length: LIMITS.probesPerProcess + 1 }, (_, index) => ({
      ...command,
      id: `p${index}`,
    }));
    const message = read({ type: 'probes', revision: 1, probes });
    expect(message.type === 'probes' && message.probes.filter((probe) => 'invalid' in probe)).toHaveLength(1);
  });
});
