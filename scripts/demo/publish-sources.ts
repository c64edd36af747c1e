import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileView } from '@dormouse/protocol';
import type { Api } from '../lib/api.ts';
import { EXAMPLE } from '../lib/example.ts';

/** Lets the console show the code of one of the example's services. `dormouse sources` does the same. */
export async function publishSources(api: Api, service: string): Promise<void> {
  const { files } = (await api.call('GET', `/files?service=${service}`)) as { files: readonly FileView[] };
  for (const { file } of files) {
    const where = new URLSearchParams({ service, file });
    await api.call('PUT', `/sources?${where}`, { text: readFileSync(join(EXAMPLE, file), 'utf8') });
  }
}
