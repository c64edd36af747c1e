import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MANIFEST_FILE, type Manifest } from '@dormouse/protocol';

const MODULES = fileURLToPath(new URL('../../../../node_modules', import.meta.url));

/** A directory of its own for a test, deep enough for TypeScript 7.0, which does not watch what is near the root. */
export class Folder {
  readonly path = join(mkdtempSync(join(tmpdir(), 'dormouse-build-')), 'a', 'project');

  write(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(this.at(path)), { recursive: true });
      writeFileSync(this.at(path), text);
    }
  }

  at(path: string): string {
    return join(this.path, path);
  }

  read(path: string): string {
    return readFileSync(this.at(path), 'utf8');
  }

  has(path: string): boolean {
    return existsSync(this.at(path));
  }

  manifest(path = `dist/${MANIFEST_FILE}`): Manifest {
    return JSON.parse(this.read(path)) as Manifest;
  }

  outputs(path?: string): readonly string[] {
    return this.manifest(path).files.map(({ output }) => output);
  }

  /** Makes a package of this repository, under its name there, visible as `typescript`. */
  installTypeScript(name: string): void {
    mkdirSync(this.at('node_modules'), { recursive: true });
    symlinkSync(join(MODULES, name), this.at('node_modules/typescript'), 'dir');
  }

  delete(): void {
    rmSync(this.at('../..'), { recursive: true, force: true });
  }
}

/** The repository's packages by name, one of each TypeScript that people use. */
export const TYPESCRIPTS = ['typescript5', 'typescript', '@typescript/native', 'typescript-next'] as const;
