import { describe, expect, it } from 'vitest';
import { TOKEN } from './support/collector.ts';
import { collect, launch, PRICE, priceProbe } from './support/processes.ts';
import { nodes, REGISTER, writeProgram } from './support/program.ts';

/** A program that starts itself in every way there is, in each module format; `NODE_OPTIONS` brings the agent along. */
const family = (isModule: boolean): string => `${PRICE}${
  isModule
    ? "import { exec, execFile, fork, spawn } from 'node:child_process';\nconst script = process.argv[1];"
    : "const { exec, execFile, fork, spawn } = require('node:child_process');\nconst script = __filename;"
}
const role = process.argv[2] ?? 'parent';
(async () => {
  while (!isArmed()) await new Promise((resolve) => setTimeout(resolve, 5));
  price(role, 1);
  if (role !== 'parent') return;
  fork(script, ['forked']);
  spawn(process.execPath, [script, 'spawned'], { stdio: 'inherit' });
  execFile(process.execPath, [script, 'executed']);
  exec(JSON.stringify(process.execPath) + ' ' + JSON.stringify(script) + ' shell');
})();
`;

describe.each(nodes)('on Node $version', (node) => {
  it.each([
    ['an ES module', 'main.mjs'],
    ['CommonJS', 'main.cjs'],
  ])(
    'NODE_OPTIONS: %s, and what it forks, spawns, executes and has a shell run, is an agent each',
    async (_format, file) => {
      const collector = await collect();
      const program = writeProgram(family(file === 'main.mjs'), file);
      collector.want(priceProbe(program));
      const env = {
        NODE_OPTIONS: `--import=${REGISTER}`,
        DORMOUSE_URL: collector.url,
        DORMOUSE_TOKEN: TOKEN,
      };
      const outcome = await launch(program, { node, env }).outcome;
      expect(outcome).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
      await collector.until(() => collector.captures.length === 5);
      const roles = collector.captures.map(({ locals }) => locals?.[0]?.value);
      expect(roles.map((role) => role !== undefined && 'value' in role && role.value).toSorted()).toEqual([
        'executed',
        'forked',
        'parent',
        'shell',
        'spawned',
      ]);
      const pids = collector.messages.flatMap((message) =>
        message.type === 'hello' ? [message.agent.pid] : [],
      );
      expect(new Set(pids).size).toBe(5);
    },
  );
});
