import type { Environments } from '../environments/environments.js';
import type { Place } from '../places/place-tree.js';
import type { Directory } from '../storage/contract/directory/directory.js';

/** What would be lost with some places, in a sentence. */
export async function lossOf(
  doomed: readonly Place[],
  directory: Directory,
  environments: Environments,
): Promise<string> {
  const ids = new Set(doomed.map(({ id }) => id));
  const isolated = doomed.filter(({ kind }) => kind === 'environment');
  const tokens = (await directory.tokens.list()).filter(({ binding }) => ids.has(binding.place));
  let services = 0;
  let probes = 0;
  for (const { id } of isolated) {
    const storage = environments.storage(id);
    services += (await storage.services.names()).length;
    probes += (await storage.probes.list({ state: 'active' }, 1_000)).length;
  }
  const parts = [
    counted(isolated.length, 'environment'),
    counted(services, 'service'),
    counted(probes, 'active probe'),
    counted(tokens.length, 'token'),
  ];
  return `This deletes ${parts.join(', ')}, and all captures there.`;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
