/** Ids that begin with NUL are left alone by other plugins. */
export const SWITCH_MODULE_ID = '\0dormouse:';

/** The chunk's name. */
const NAME = 'dormouse';

/** Rollup's way to say which modules share a chunk, and Rolldown's. */
interface Chunking {
  readonly manualChunks?:
    | ((id: string, meta: unknown) => unknown)
    | Readonly<Record<string, readonly string[]>>;
  readonly codeSplitting?: boolean | { readonly groups?: readonly object[] };
}

/**
 * Where the user says which modules share a chunk, chunks can import each other in a circle, and then functions of one run
 * before its body does. The definitions of all switches get a chunk that imports nothing, so they always come first.
 */
export function withSwitchChunk<Options extends Chunking>(
  options: Options,
  switchModules: readonly string[],
): Options {
  const { manualChunks, codeSplitting } = options;
  if (typeof codeSplitting === 'object' && codeSplitting.groups !== undefined) {
    const group = {
      name: NAME,
      test: (id: string) => id.startsWith(SWITCH_MODULE_ID),
      priority: Number.MAX_SAFE_INTEGER,
    };
    const split = { ...codeSplitting, groups: [group, ...codeSplitting.groups] };
    return { ...options, codeSplitting: split };
  }
  if (typeof manualChunks === 'function') {
    const chunkOf = (id: string, meta: unknown): unknown =>
      id.startsWith(SWITCH_MODULE_ID) ? NAME : manualChunks(id, meta);
    return { ...options, manualChunks: chunkOf };
  }
  if (manualChunks === undefined) return options;
  return { ...options, manualChunks: { [NAME]: switchModules, ...manualChunks } };
}
