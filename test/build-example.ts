import { buildExample } from '../scripts/lib/example.ts';

/** Both builds of the example, once before the tests of this folder. */
export async function setup(): Promise<void> {
  await buildExample();
}
