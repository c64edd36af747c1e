import type { Analysis } from './function-facts.js';
import type { Binding } from './scope.js';

/** The first global that the definition of a switch object would miss, because the file itself declares its name. */
export function shadowedGlobal({ module, scopes }: Analysis): string | undefined {
  for (const { owner, bindings } of scopes.values()) {
    if (owner !== module) continue;
    for (const binding of bindings.values()) if (hides(binding)) return binding.name;
  }
  return undefined;
}

/**
 * `globalThis` is read by name, the others as its properties: only a function that a script declares at
 * its top level replaces those before the definition runs.
 */
function hides({ name, kind }: Binding): boolean {
  return name === 'globalThis' || ((name === 'Reflect' || name === 'Symbol') && kind === 'function');
}
