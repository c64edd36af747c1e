import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { COMMANDS } from '../src/commands/index.ts';
import { complete } from '../src/completion/complete.ts';
import { PROGRAM, startCollector, type RunningCollector } from './dormouse.ts';
import { ScriptedService } from './scripted-service.ts';

/** What the words before the cursor may become, by the shells themselves and by what they ask. */

const INSTANCE = '1111222233334444';

let folder: string;
let collector: RunningCollector;
let service: ScriptedService;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dormouse-completion-'));
  symlinkSync(PROGRAM, join(folder, 'dormouse'));
  collector = await startCollector();
  service = await ScriptedService.connect(collector, 'trades', INSTANCE);
});
afterAll(async () => {
  await service.close();
  await collector.stop();
  rmSync(folder, { recursive: true });
});

const texts = async (...words: string[]): Promise<string[]> =>
  (await complete(words)).map(({ text }) => text);

const asking = (): string[] => ['--url', collector.url, '--token', collector.adminToken];

describe('of the commands', () => {
  test('every one is offered, with what it is for', async () => {
    const offered = await complete(['']);
    expect(offered.map(({ text }) => text)).toEqual([...Object.keys(COMMANDS), 'help']);
    for (const { text, summary } of offered) expect(summary, text).not.toBe('');
    expect(await texts('sna')).toEqual(['snapshot']);
  });

  test('options are offered where one begins, and their values behind them', async () => {
    expect(await texts('snapshot', '--ti')).toEqual(['--timeout']);
    expect(await texts('weave', '--u')).toEqual([]);
    expect(await texts('log', '--level', 'w')).toEqual(['warn']);
    expect(await texts('log', '--level=')).toEqual(
      ['debug', 'info', 'warn', 'error'].map((level) => `--level=${level}`),
    );
    expect(await texts('manifest', '')).toEqual(['merge', 'upload']);
  });

  test('where any text or file may stand nothing is offered, nor behind what is unknown', async () => {
    expect(await texts('weave', '')).toEqual([]);
    expect(await texts('snapshot', '--if', '')).toEqual([]);
    expect(await texts('toString', '')).toEqual([]);
    expect(await texts('tsc', '')).toEqual([]);
  });
});

describe('of what the collector knows', () => {
  test('services, processes and files are offered', async () => {
    expect(await texts('probes', ...asking(), '--service', 't')).toEqual(['trades']);
    expect(await texts('kill', ...asking(), '')).toEqual(['trades']);
    expect(await texts('snapshot', ...asking(), '--instance', '')).toEqual([INSTANCE]);
    expect(await texts('snapshot', ...asking(), 'src/')).toEqual(['src/risk.ts']);
    expect(await texts('snapshot', ...asking(), '--service', 'others', 'src/')).toEqual([]);
  });

  test('a name that means something to a shell is not offered', async () => {
    const evil = await ScriptedService.connect(collector, 't$(reboot)', '5555666677778888');
    expect(await texts('probes', ...asking(), '--service', 't')).toEqual(['trades']);
    await evil.close();
  });

  test('a collector that is away, or refuses, is as good as none', async () => {
    expect(await texts('probes', '--url', 'http://127.0.0.1:1', '--service', '')).toEqual([]);
    expect(await texts('probes', '--url', collector.url, '--token', 'wrong', '--service', '')).toEqual([]);
  });
});

/** Runs a script in a shell that finds `dormouse`, which finds the collector. */
async function shell(program: string, args: readonly string[]): Promise<string[]> {
  const { stdout, stderr } = await promisify(execFile)(program, args, {
    env: {
      PATH: [folder, dirname(process.execPath), process.env['PATH']].join(':'),
      HOME: folder,
      DORMOUSE_URL: collector.url,
      DORMOUSE_ADMIN_TOKEN: collector.adminToken,
    },
  });
  expect(stderr).toBe('');
  return stdout.trimEnd().split('\n');
}

const without = (program: string): boolean => spawnSync(program, ['-c', 'true']).status !== 0;

/** Lines, and the last words as each shell shows them when the key is pressed behind them. */
const LINES: [line: string, offered: string[]][] = [
  ['dormouse sna', ['snapshot']],
  ['dormouse  log --level wa', ['warn']],
  ['dormouse probes --service ', ['trades']],
  ['dormouse points src/r', ['src/risk.ts']],
];

test
  .skipIf(without('bash'))
  .each([...LINES, ['dormouse log --level=w', ['warn']], ['dormouse nothing-like-it ', ['']]])(
  'bash completes "%s"',
  async (line, expected) => {
    const script = `source <(dormouse completion bash); complete -p dormouse > /dev/null
    COMP_LINE='${line}'; COMP_POINT=\${#COMP_LINE}; _dormouse; printf '%s\\n' "\${COMPREPLY[@]}"`;
    expect(await shell('bash', ['--norc', '-c', script])).toEqual(expected);
  },
);

test.skipIf(without('zsh')).each(LINES)('zsh completes "%s"', async (line, expected) => {
  const script = `compdef() { : }; _files() { : }; _describe() { print -l -- "\${(@P)2}" }
    source <(dormouse completion zsh)
    words=(\${(z):-'${line}'}); [[ '${line}' == *' ' ]] && words+=(''); CURRENT=$#words; _dormouse`;
  const described = await shell('zsh', ['-f', '-c', script]);
  expect(described.map((candidate) => candidate.split(':')[0])).toEqual(expected);
});

test.skipIf(without('fish')).each(LINES)('fish completes "%s"', async (line, expected) => {
  const script = `dormouse completion fish | source; complete --do-complete '${line}'`;
  const offered = await shell('fish', ['--no-config', '-c', script]);
  expect(offered.map((candidate) => candidate.split('\t')[0])).toEqual(expected);
});
