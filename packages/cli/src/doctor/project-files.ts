import { closeSync, constants, fstatSync, openSync, readdirSync, readFileSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { join, relative } from 'node:path';

/** Folders below a project in which a build may lie. */
const DEPTH = 4;

/** Nothing that is looked at is larger, bytes. */
const LARGEST = 64 * 1024 * 1024;

/** Codes of what is not there, which is told by what it is missing for. */
const ABSENT: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR']);

/** Reads what lies in a project, whatever that is, and remembers what could not be read. */
export class ProjectFiles {
  readonly #root: string;
  readonly #unread = new Map<string, string>();

  /** @param root its folder, absolute */
  constructor(root: string) {
    this.#root = root;
  }

  /** Each as `path (why)`. */
  get unread(): readonly string[] {
    return Array.from(this.#unread, ([path, why]) => `${path} (${why})`);
  }

  /** Names of what lies in the project's own folder. */
  get names(): readonly string[] {
    return this.#entries(this.#root).map(({ name }) => name);
  }

  /** All files of one name in the project and a few levels below, but in no dependency and nothing hidden. */
  named(name: string, folder = this.#root, depth = DEPTH): readonly string[] {
    return this.#entries(folder).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isFile()) return entry.name === name ? [path] : [];
      const isOutside = !entry.isDirectory() || entry.name === 'node_modules' || entry.name.startsWith('.');
      return isOutside || depth === 0 ? [] : this.named(name, path, depth - 1);
    });
  }

  /** @returns nothing where there is no file, or none that can be read */
  text(path: string): string | undefined {
    return this.#attempt(path, () => {
      // A pipe would wait for its writer: some keep their secrets in one.
      const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
      try {
        const stats = fstatSync(file);
        if (!stats.isFile()) throw new Error(stats.isDirectory() ? 'a folder' : 'no file');
        if (stats.size > LARGEST) throw new Error('too large');
        return readFileSync(file, 'utf8');
      } finally {
        closeSync(file);
      }
    });
  }

  #entries(folder: string): readonly Dirent[] {
    return this.#attempt(folder, () => readdirSync(folder, { withFileTypes: true })) ?? [];
  }

  #attempt<Read>(path: string, read: () => Read): Read | undefined {
    try {
      return read();
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (!ABSENT.has(code)) this.#unread.set(relative(this.#root, path) || '.', code ?? message);
      return undefined;
    }
  }
}
