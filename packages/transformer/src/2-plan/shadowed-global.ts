import type { Analysis } from './function-facts.js';

/** What the definition of a switch object calls. */
const GLOBALS = ['globalThis', 'Object', 'Symbol'];

/** The first of these globals that the file itself declares at its top level. */
export function shadowedGlobal({ module, scopes }: Analysis): string | undefined {
  for (const { owner, bindings } of scopes.values()) {
    const found = owner === module ? GLOBALS.find((name) => bindings.has(name)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
