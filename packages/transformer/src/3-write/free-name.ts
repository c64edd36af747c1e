import type { Analysis } from '../2-plan/function-facts.js';

/** Every name that a variable of the file has, or that the file takes for one. */
export function usedNames({ references, scopes }: Analysis): ReadonlySet<string> {
  const used = new Set<string>();
  for (const { text } of references.keys()) used.add(text);
  for (const { bindings } of scopes.values()) for (const name of bindings.keys()) used.add(name);
  return used;
}

/** `wanted`, or with a number behind it the first such name that is not in use. */
export function freeName(wanted: string, used: ReadonlySet<string>): string {
  let name = wanted;
  for (let n = 1; used.has(name); n++) name = `${wanted}${n}`;
  return name;
}
