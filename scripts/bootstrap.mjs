/**
 * `node scripts/bootstrap.mjs TASK [ARGUMENT…]`: the first step of every npm script. It runs on the
 * machine's own Node (20.19 or newer) with nothing installed, installs what the lockfile says, builds
 * the packages, and hands over to `scripts/TASK.ts` on the Node that the repository brings along.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [task, ...args] = process.argv.slice(2);
const WITHOUT_BUILD = new Set(['build', 'format', 'lint']);

/** The development tools' floor; the weaver and the runtime themselves go down to 20.19. */
const TOOLS_FLOOR = [22, 15];

if (task === undefined || !existsSync(join(root, 'scripts', `${task}.ts`))) {
  fail(`scripts/${task ?? 'TASK'}.ts does not exist.`);
}
install();
const node = developmentNode();
if (!WITHOUT_BUILD.has(task)) run(node, ['scripts/build.ts']);
run(node, [`scripts/${task}.ts`, ...args]);

/** Installs with `npm ci` unless the installed tree is already the lockfile's. */
function install() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const marker = join(root, 'node_modules', '.dormouse-lock');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === lock) return;
  console.error('Installing dependencies (npm ci)…');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const { status } = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) fail('npm ci failed; its messages are above.');
  writeFileSync(marker, lock);
}

/** The Node from `node_modules` where there is one for this platform, else the one running now. */
function developmentNode() {
  const bundled = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.exe' : 'node');
  for (const candidate of [bundled, process.execPath]) {
    const version = spawnSync(candidate, ['--version'], { encoding: 'utf8' }).stdout?.trim();
    if (version && isAtLeast(version, TOOLS_FLOOR)) return candidate;
  }
  return fail(
    `The development tools need Node ${TOOLS_FLOOR.join('.')} or newer. This is ${process.version}, and npm ` +
      `has no Node package for ${process.platform}-${process.arch}: install a newer Node and try again.`,
  );
}

function isAtLeast(version, [major, minor]) {
  const [actualMajor, actualMinor] = version.slice(1).split('.').map(Number);
  return actualMajor > major || (actualMajor === major && actualMinor >= minor);
}

function run(command, commandArgs) {
  const { status, signal } = spawnSync(command, ['--disable-warning=ExperimentalWarning', ...commandArgs], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, DORMOUSE_HOST_NODE: process.execPath },
  });
  if (signal) process.kill(process.pid, signal);
  if (status !== 0) process.exit(status ?? 1);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
