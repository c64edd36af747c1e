import { compileDenyEntry } from '@dormouse/expression/deny';
import type { FunctionAddress, Manifest } from '@dormouse/protocol';

/** Which functions of the running build may never be probed. */
export type DeniesAt = (at: FunctionAddress) => boolean;

/** @param manifest of the running build; where there is none nobody can tell, and everything is denied */
export function readDenyList(entries: readonly string[], manifest: Manifest | undefined): DeniesAt {
  if (entries.length === 0) return () => false;
  if (manifest === undefined) return () => true;
  const rules = entries.map(compileDenyEntry);
  const denied = new Map<string, ReadonlySet<number>>();
  for (const file of manifest.files) {
    const functions = file.functions.filter((fn) => rules.some((denies) => denies(file, fn)));
    if (functions.length > 0) denied.set(file.id, new Set(functions.map(({ index }) => index)));
  }
  return ({ file, functionIndex }) => denied.get(file)?.has(functionIndex) === true;
}
