/** The program's own. An import of `node:process` would read each of its exports, and so open stdin, stdout and stderr. */
export const { process } = globalThis;
