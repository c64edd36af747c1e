import type { ProbeCommand } from '@dormouse/protocol';
import { afterEach } from 'vitest';
import { startCollector, type TestCollector, type TestCollectorOptions } from './collector.ts';
import { commandAt, type CommandOptions } from './commands.ts';
import { run, writeProgram, type Program, type Running, type RunOptions } from './program.ts';

/** Collectors and processes that end with the test that started them, and a program for them to run. */

const collectors: TestCollector[] = [];
const running: Running[] = [];
afterEach(async () => {
  for (const process of running.splice(0)) process.kill();
  for (const collector of collectors.splice(0)) await collector.kill();
});

export async function collect(options?: TestCollectorOptions): Promise<TestCollector> {
  const collector = await startCollector(options);
  collectors.push(collector);
  return collector;
}

export function launch(program: Program, options: RunOptions): Running {
  const process = run(program, options);
  running.push(process);
  return process;
}

/** A function to probe; whether that is armed. */
export const PRICE = `function price(quantity, each) {
  const total = quantity * each;
  return total;
}
const name = Reflect.ownKeys(globalThis).find((key) => String(key).startsWith('$dm_'));
const isArmed = () => Object.entries(globalThis[name]).some(([key, field]) => key !== 'w' && typeof field === 'function');
`;

/** A module that waits until a probe is armed before it does anything else. */
export const armedFirst = (body: string): Program =>
  writeProgram(`${PRICE}while (!isArmed()) await new Promise((resolve) => setTimeout(resolve, 5));
${body}
`);

/** A probe where `price` has its total. */
export const priceProbe = ({ woven }: Program, options?: CommandOptions): ProbeCommand =>
  commandAt(woven, 3, options);
