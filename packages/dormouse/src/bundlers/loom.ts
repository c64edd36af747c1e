import { type WeaveOptions, type WeaveResult, weave } from '@dormouse/transformer';
import { isLineByLine } from './line-by-line.js';
import { oneSource } from './one-source.js';
import type { Settings } from './options.js';
import { pathOfModule, relativeTo } from './paths.js';

/** A module as a bundler hands it over. */
export interface ModuleText {
  /** The bundler's name for it: an absolute path, perhaps with a query. */
  readonly id: string;
  readonly code: string;
  /** From `code` to its original. Undefined where `code` is said to be the original, `null` where nobody knows the way back. */
  readonly map: WeaveOptions['map'];
  /** Of `code`; undefined: as the extension says. */
  readonly language: WeaveOptions['language'];
  /** What the result's map shall lead to: most bundlers compose the maps of a module's steps themselves. */
  readonly mapTo: WeaveOptions['mapTo'];
  /** Whether the bundler resolves imports. Default: true. */
  readonly resolvesImports?: boolean;
  readonly goal?: WeaveOptions['goal'];
}

/** What became of a module. */
export interface SeenModule {
  readonly path: string;
  readonly result: WeaveResult;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

/** Weaves the modules of one build, and remembers what became of each: what has not changed is not woven again. */
export class Loom {
  readonly settings: Settings;
  readonly #seen = new Map<string, SeenModule & { readonly key: string }>();

  constructor(settings: Settings) {
    this.settings = settings;
  }

  /** Every module that was handed over, as it was last. */
  get modules(): readonly SeenModule[] {
    return [...this.#seen.values()];
  }

  /** The woven module; undefined where it stays as it is. */
  weave(module: ModuleText): WeaveResult | undefined {
    const key = JSON.stringify([module.code, module.map, module.language]);
    const known = this.#seen.get(module.id);
    const seen = known?.key === key ? known : this.#weaveAnew(module, key);
    return seen.result.manifest === null ? undefined : seen.result;
  }

  #weaveAnew(module: ModuleText, key: string): SeenModule {
    const path = pathOfModule(module.id) ?? module.id;
    const isLost = module.map === null || (module.map === undefined && !isLineByLine(module.code, path));
    const result = isLost ? withoutMap(module, path, this.settings) : this.#weave(module, path);
    const seen = {
      key,
      path,
      result,
      bytesBefore: Buffer.byteLength(module.code),
      bytesAfter: Buffer.byteLength(result.code),
    };
    this.#seen.set(module.id, seen);
    return seen;
  }

  #weave(module: ModuleText, path: string): WeaveResult {
    const { code, map, language, mapTo, goal, resolvesImports = true } = module;
    return weave(code, {
      filename: path,
      map: oneSource(map, path),
      language,
      mapTo,
      goal,
      root: this.settings.root,
      switches: resolvesImports ? 'imported' : 'own',
    });
  }
}

function withoutMap({ code }: ModuleText, path: string, { root }: Settings): WeaveResult {
  const reason =
    'What compiled it gave no source map, so no line of the original is known: switch source maps on (`devtool`, `sourceMap`).';
  const skip = { path: relativeTo(root, path), code: 'no-source-map', reason } as const;
  return { code, map: null, manifest: null, skipped: [skip] };
}
