import { buildConsole } from '../scripts/lib/build-console.ts';

/** The page that the collector serves, once before the tests that open it. */
export async function setup(): Promise<void> {
  await buildConsole();
}
