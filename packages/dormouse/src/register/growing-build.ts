import type { Manifest, ManifestFile, SkippedFile } from '@dormouse/protocol';
import type { LiveManifest } from '@dormouse/runtime';
import { type WeaveResult, buildManifest } from '@dormouse/transformer';

/** What has been woven so far of a program that is still loading. */
export class GrowingBuild implements LiveManifest {
  readonly root: string;
  readonly #files = new Map<string, ManifestFile>();
  readonly #skipped = new Map<string, readonly SkippedFile[]>();
  readonly #maps = new Map<string, string>();
  #changed = (): void => {};

  constructor(root: string) {
    this.root = root;
  }

  /** @param path of the file, absolute; loaded again, it replaces what was there */
  add(path: string, { manifest, map, skipped }: WeaveResult): void {
    this.#skipped.set(
      path,
      skipped.filter(({ line }) => line === undefined),
    );
    if (manifest !== null) this.#files.set(path, manifest);
    if (map !== null) this.#maps.set(path, JSON.stringify(map));
    this.#changed();
  }

  /** Without a commit: what is being edited is none. */
  read(): Manifest {
    return buildManifest([...this.#files.values()], [...this.#skipped.values()].flat(), undefined);
  }

  sourceMap(path: string): string | undefined {
    return this.#maps.get(path);
  }

  onChange(listener: () => void): void {
    this.#changed = listener;
  }
}
