import { expect, test } from 'vitest';
import { readCommandLine } from '../src/command-line.ts';
import { StartError } from '../src/start-error.ts';

test('a log that goes to a terminal leaves the tokens in sight, unless a level is asked for', () => {
  const level = (args: string[], environment: Record<string, string>, isWatched: boolean) =>
    readCommandLine(args, environment, isWatched).options.logLevel;
  expect(level([], {}, true)).toBe('warn');
  expect(level([], {}, false)).toBeUndefined();
  expect(level(['--log-level', 'info'], {}, true)).toBe('info');
  expect(level([], { DORMOUSE_LOG_LEVEL: 'debug' }, true)).toBe('debug');
});

test('a database is named by flag or environment, as a URL', () => {
  const url = 'postgres://user:password@host/name';
  expect(readCommandLine(['--database', url], {}).options).toMatchObject({ database: url });
  expect(readCommandLine([], { DORMOUSE_DATABASE: url }).options).toMatchObject({ database: url });
  for (const wrong of ['host/name', 'mysql://host/name']) {
    expect(() => readCommandLine(['--database', wrong], {})).toThrow(
      new StartError('--database must be a URL like postgres://user:password@host/name.'),
    );
  }
});

test.each([
  ['--prot', 'There is no --prot. Did you mean --port? --help shows the flags.'],
  ['--xyzzyxyzzy', 'There is no --xyzzyxyzzy. --help shows the flags.'],
])('an unknown flag is answered with the nearest: %s', (flag, message) => {
  expect(() => readCommandLine([flag, '1'], {})).toThrow(new StartError(message));
});
