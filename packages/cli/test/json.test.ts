import { expect, test } from 'vitest';

import { optionsOf } from '../src/command/command.ts';
import { COMMANDS } from '../src/commands/index.ts';
import { runHere } from './run-here.ts';

/** Those whose output is another program's, or a protocol. */
const OTHERS = ['collector', 'tsc', 'mcp'];

const OURS = Object.keys(COMMANDS).filter((name) => !OTHERS.includes(name));

/** Everything that a command writes; there is no collector where it looks for one. */
async function written(name: string): Promise<{ readonly code: number | null; readonly text: string }> {
  const command = await COMMANDS[name]!.load();
  if (!('options' in command)) throw new Error(`${name} passes its arguments on: tell this test why.`);
  const nowhere = 'url' in optionsOf(command) ? ['--url', 'http://127.0.0.1:1', '--token', 'x'] : [];
  const { code, out, err } = await runHere([name, '--json', ...nowhere]);
  return { code, text: out + err };
}

test.each(OURS)('with --json, %s says in JSON even that it cannot', async (name) => {
  const { code, text } = await written(name);
  const answer = JSON.parse(text) as { error?: { code: string; message: string } };
  if (code === 0) expect(answer).not.toHaveProperty('error');
  // A verdict is an answer, too.
  if (answer.error !== undefined)
    expect(answer.error).toMatchObject({
      code: expect.stringMatching(/^[A-Z_]+$/),
      message: expect.any(String),
    });
});

test('every option says what it is, and every choice what can be chosen', async () => {
  for (const name of OURS) {
    const command = await COMMANDS[name]!.load();
    if (!('options' in command)) continue;
    for (const [option, { type, value, values, summary }] of Object.entries(optionsOf(command))) {
      expect(summary, `${name} --${option}`).toMatch(/^\S.*[^.]$/);
      expect(value === undefined, `${name} --${option}`).toBe(type === 'boolean');
      if (typeof values === 'object') expect(values.length, `${name} --${option}`).toBeGreaterThan(0);
    }
  }
});
