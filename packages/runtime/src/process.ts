/**
 * The program's own. An import of `node:process` would read each of its exports, and so open stdin, stdout and stderr.
 *
 * Node's larger modules are taken by `process.getBuiltinModule` for the same reason: an import of `node:fs` loads streams
 * (10 ms, 3 MB), one of `node:http` all of `fetch`.
 */
export const { process } = globalThis;
