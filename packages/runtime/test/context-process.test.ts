import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { startCollector, type TestCollector } from './support/collector.ts';
import { commandAt } from './support/commands.ts';
import { nodes, run, writeProgram } from './support/program.ts';

/** As a program imports `@dormouse/runtime/context`. */
const CONTEXT = pathToFileURL(fileURLToPath(new URL('../dist/context/index.js', import.meta.url))).href;

/** Ten users at a time, each of whom is waited for, until the process is killed. */
const SERVICE = `import { setContext, withContext } from '${CONTEXT}';
import { setTimeout as pause } from 'node:timers/promises';
async function handle(user) {
  await pause(1);
  setContext({ tenant: 'tenant of ' + user });
  await null;
  return user;
}
for (;;) await Promise.all(Array.from({ length: 10 }, (_, user) => withContext({ user }, () => handle(user))));
`;

let collector: TestCollector | undefined;
afterEach(() => collector?.kill());

describe.each(nodes)('on Node $version', (node) => {
  it('a probe sees one user, in a program that tells of its requests', async () => {
    collector = await startCollector();
    const { captures, reports, until, want } = collector;
    const program = writeProgram(SERVICE);
    const command = commandAt(program.woven, 7, { limits: { hits: 5, hitsPerSecond: 100 } });
    const running = run(program, { node, url: collector.url });
    want({ ...command, context: { user: '7' } });
    await until(() => captures.length >= 5 && (reports.get(command.id)?.skipped.context ?? 0) > 0);
    running.kill();
    for (const { context, locals } of captures.slice(0, 5)) {
      expect(context).toEqual({ user: '7', tenant: 'tenant of 7' });
      expect(locals).toMatchObject([{ key: 'user', value: { value: 7 } }]);
    }
    expect((await running.outcome).stderr).toBe('');
  });
});
