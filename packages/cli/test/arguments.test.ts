import { expect, test } from 'vitest';

import { parseFileOrLine, parseLocation } from '../src/ask/location.ts';
import { parsePlace } from '../src/ask/place.ts';
import { commonRequest, PROBE_OPTIONS } from '../src/ask/probe-options.ts';
import { parseCount, parseDuration, parseShare } from '../src/ask/quantity.ts';
import { defineCommand } from '../src/command/command.ts';
import { nearest } from '../src/command/nearest.ts';
import { parse } from '../src/command/parse.ts';
import { UsageError } from '../src/failure.ts';

const command = defineCommand({
  positionals: [
    { name: 'WHERE', summary: 'the place' },
    { name: 'TEXT', summary: 'the text', optional: true },
  ],
  options: {
    ...PROBE_OPTIONS,
    watch: { type: 'string', multiple: true, summary: '' },
    wait: { type: 'boolean', summary: '' },
  },
  run: async () => {},
});

test('options and arguments may be mixed, repeated and negated', () => {
  const args = ['--watch', 'a', 'x.ts:1', '--no-wait', '--watch=b', '--if', 'a > 1', '--', '--text'];
  expect(parse(args, command)).toEqual({
    values: expect.objectContaining({ watch: ['a', 'b'], wait: false, if: 'a > 1' }),
    positionals: ['x.ts:1', '--text'],
  });
});

test.each([
  [['x', '--wach', 'a'], 'There is no option --wach.', ['--watch']],
  [['x', '--ulr', 'y'], 'There is no option --ulr.', ['--url']],
  [['x', '--no-if'], '--no-if', []],
  [['x', '--if'], "'--if <value>' argument missing", []],
  [[], 'WHERE is missing: the place.', []],
  [['x', 'y', 'z'], '"z" is one argument too many.', []],
])('%j is refused', (args, message, suggestions) => {
  let error: unknown;
  try {
    parse(args, command);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(UsageError);
  expect((error as UsageError).exitCode).toBe(2);
  expect((error as UsageError).error.message).toContain(message);
  expect((error as UsageError).error.suggestions).toEqual(suggestions);
});

test('--help needs no arguments', () => {
  expect(parse(['--help'], command).values.help).toBe(true);
});

test.each([
  ['risk.ts:42', { file: 'risk.ts', line: 42 }],
  ['src/risk.ts:42:7', { file: 'src/risk.ts', line: 42, column: 7 }],
  ['C:\\src\\risk.ts:42', { file: 'C:\\src\\risk.ts', line: 42 }],
  ['risk.ts:assess', { file: 'risk.ts', function: 'assess' }],
  ['src/risk.ts:Ledger.#settle', { file: 'src/risk.ts', function: 'Ledger.#settle' }],
  ['risk.ts:10-20', { file: 'risk.ts', line: 10, endLine: 20 }],
  ['risk.ts:~score += a ? 1 : 2;', { file: 'risk.ts', text: 'score += a ? 1 : 2;' }],
  ['C:\\src\\risk.ts:42~x = 1-2', { file: 'C:\\src\\risk.ts', line: 42, text: 'x = 1-2' }],
  ['C:\\src\\risk.ts:assess', { file: 'C:\\src\\risk.ts', function: 'assess' }],
])('%s is a location', (text, location) => {
  expect(parseLocation(text)).toEqual(location);
});

test('a place is a line, or what happens to calls of a function', () => {
  expect(parsePlace('risk.ts:4')).toEqual({ location: { file: 'risk.ts', line: 4 } });
  expect(parsePlace('risk.ts:4', 'throw')).toEqual({ location: { file: 'risk.ts', line: 4 }, on: 'throw' });
  expect(parsePlace('risk.ts:f')).toEqual({ location: { file: 'risk.ts', function: 'f' }, on: 'entry' });
  expect(parsePlace('risk.ts:f', 'end')).toEqual({ location: { file: 'risk.ts', function: 'f' }, on: 'end' });
  expect(() => parsePlace('risk.ts:f', 'exit')).toThrow('--on exit is none of entry, return, throw, end.');
});

test.each(['risk.ts', 'risk.ts:', ':42', 'risk.ts:0', 'risk.ts:a b', 'src:/risk.ts'])(
  '%s is no location',
  (text) => {
    expect(() => parseLocation(text)).toThrow(UsageError);
  },
);

test('points take a file or a line', () => {
  expect(parseFileOrLine('risk.ts')).toEqual({ file: 'risk.ts' });
  expect(parseFileOrLine('risk.ts:4')).toEqual({ file: 'risk.ts', line: 4 });
});

test.each([
  ['500ms', 500],
  ['90s', 90_000],
  ['10m', 600_000],
  ['1.5h', 5_400_000],
  ['2d', 172_800_000],
])('%s is %d ms', (text, ms) => {
  expect(parseDuration('expires', text)).toBe(ms);
});

test.each(['10', 'm', '-1s', '0s', '1w', ''])('"%s" is no duration', (text) => {
  expect(() => parseDuration('expires', text)).toThrow(`--expires ${text} is no duration`);
});

test.each(['0', '-1', '1.5', 'many', ''])('"%s" is no count', (text) => {
  expect(() => parseCount('hits', text)).toThrow(`--hits ${text} is no whole number from 1.`);
});

test.each([
  ['0.1', 0.1],
  ['.5', 0.5],
  ['25%', 0.25],
  ['1', 1],
])('%s is a share of %d', (text, share) => {
  expect(parseShare('share', text)).toBe(share);
});

test.each(['0', '1.1', '101%', '-1', 'half', ''])('"%s" is no share', (text) => {
  expect(() => parseShare('share', text)).toThrow(`--share ${text} is no share.`);
});

test('probe options become the request', () => {
  const values = {
    if: 'a',
    hits: '5',
    rate: '2',
    expires: '10m',
    instance: ['i'],
    build: 'b',
    tag: ['zone=eu', 'x=a=b'],
  };
  expect(commonRequest(values)).toEqual({
    condition: 'a',
    target: { instance: 'i', buildId: 'b', tags: { zone: 'eu', x: 'a=b' } },
    limits: { hits: 5, hitsPerSecond: 2, expiresInMs: 600_000 },
  });
  const narrow = { instance: ['i', 'j'], context: ['user=42', 'traceId=t'], share: '10%', canary: '40s' };
  expect(commonRequest(narrow).target).toEqual({
    instances: ['i', 'j'],
    context: { user: '42', traceId: 't' },
    share: 0.1,
    canary: { quietMs: 40_000 },
  });
  expect(commonRequest({})).toEqual({ target: {}, limits: {} });
  expect(() => commonRequest({ tag: ['zone'] })).toThrow('--tag zone is no NAME=VALUE.');
});

test('what looks alike is suggested, best first', () => {
  expect(nearest('snapshto', ['services', 'snapshot', 'tail'])).toEqual(['snapshot']);
  expect(nearest('prob', ['probe', 'probes', 'points'])).toEqual(['probe', 'probes']);
  expect(nearest('ulr', ['url', 'all', 'if'])).toEqual(['url']);
  expect(nearest('xyz', ['probe', 'tail'])).toEqual([]);
});
