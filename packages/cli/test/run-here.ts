import { run } from '../src/command/run.ts';
import type { Screen } from '../src/command/terminal.ts';
import { plainStyle } from '../src/render/style.ts';
import type { Finished } from './dormouse.ts';

/** Runs a command in this process: much faster than to start the program, and the same behind its first line. */
export async function runHere(args: readonly string[]): Promise<Finished> {
  const written = { out: '', err: '' };
  const screen = (to: keyof typeof written): Screen => {
    const print = (text: string): void => void (written[to] += `${text}\n`);
    return { style: plainStyle, isTerminal: false, print, draw: print, erase: () => {} };
  };
  const code = await run(args, { out: screen('out'), err: screen('err') });
  return { code, ...written };
}
