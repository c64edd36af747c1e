import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { TradesRequest } from '../../examples/trades/src/traffic/requests.ts';
import { ROOT } from './paths.ts';

/** The trading example: where it lies and where its two builds go. */
export const EXAMPLE: string = join(ROOT, 'examples/trades');

/** `woven` went through `dormouse tsc`, `unwoven` through the same compiler alone. */
export type Build = 'woven' | 'unwoven';

export const BUILDS: Readonly<Record<Build, string>> = {
  woven: join(EXAMPLE, 'dist'),
  unwoven: join(EXAMPLE, 'dist-unwoven'),
};

export const CLI: string = join(ROOT, 'packages/cli/bin/dormouse.js');

/** Compiles the example twice, side by side: woven and unwoven. Throws, with what was printed, on failure. */
export async function buildExample(): Promise<{ readonly weaveReport: string }> {
  const [weaveReport] = await Promise.all([
    compile([CLI, 'tsc', '-p', EXAMPLE]),
    compile([join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', EXAMPLE, '--outDir', BUILDS.unwoven]),
  ]);
  return { weaveReport };
}

async function compile(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, args, { cwd: EXAMPLE, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${args.join(' ')} exited with ${code}:\n${printed}`);
  return printed;
}

/** The line, from 1, of the example's source that contains `text`. Throws unless exactly one does. */
export function lineOf(file: string, text: string): number {
  const lines = readFileSync(join(EXAMPLE, file), 'utf8').split('\n');
  const found = lines.flatMap((line, index) => (line.includes(text) ? [index + 1] : []));
  if (found.length !== 1 || found[0] === undefined) {
    throw new Error(`${found.length} lines of ${file} contain ${JSON.stringify(text)}; expected one.`);
  }
  return found[0];
}

/** What the example's clients send: the same seed, the same requests. The example must be built. */
export async function exampleRequests(seed: number, count: number): Promise<readonly TradesRequest[]> {
  const url = pathToFileURL(join(BUILDS.unwoven, 'traffic/requests.js')).href;
  const { requests } = (await import(url)) as {
    requests(seed: number, count: number): Iterable<TradesRequest>;
  };
  return [...requests(seed, count)];
}
