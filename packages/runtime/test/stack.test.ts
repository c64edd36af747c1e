import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { CONTRACT_VERSION, type LineHook, type StackFrame } from '@dormouse/protocol';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { callSitesOf, takeTrace } from '../src/stack/call-sites.ts';
import { createSourcePositions, type SourcePositions } from '../src/stack/source-positions.ts';
import { readStacks, readStacksTo, takeStack } from '../src/stack/stack.ts';
import { createSwitchboard } from '../src/switchboard/switchboard.ts';
import { runWoven } from './support/woven.ts';

describe('taking the call sites', () => {
  const prepare = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
  const limit = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit') as PropertyDescriptor;
  const restore = (): void => {
    if (prepare === undefined) delete (Error as { prepareStackTrace?: unknown }).prepareStackTrace;
    else Object.defineProperty(Error, 'prepareStackTrace', prepare);
    Object.defineProperty(Error, 'stackTraceLimit', limit);
  };
  afterEach(restore);

  const state = (): unknown[] => [
    Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace'),
    Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit'),
    Object.getOwnPropertyNames(Error),
  ];
  function taken(count = 3): readonly NodeJS.CallSite[] {
    const trace = takeTrace(count, taken);
    return trace === undefined ? [] : callSitesOf(trace);
  }

  it('gives as many as asked for, whatever the program has set, and leaves no trace', () => {
    let runs = 0;
    Error.stackTraceLimit = 1;
    Error.prepareStackTrace = () => void runs++;
    const before = state();
    expect(taken(3)).toHaveLength(3);
    expect(runs).toBe(0);
    expect(state()).toEqual(before);
  });

  it('leaves no property behind where there was none', () => {
    delete (Error as { prepareStackTrace?: unknown }).prepareStackTrace;
    delete (Error as { stackTraceLimit?: unknown }).stackTraceLimit;
    const before = state();
    expect(taken()).toHaveLength(3);
    expect(state()).toEqual(before);
  });

  it('does not run accessors of the program', () => {
    let runs = 0;
    const accessor = { configurable: true, get: () => runs++, set: () => void runs++ };
    Object.defineProperty(Error, 'prepareStackTrace', accessor);
    Object.defineProperty(Error, 'stackTraceLimit', accessor);
    const before = state();
    expect(taken()).toHaveLength(3);
    expect(runs).toBe(0);
    expect(state()).toEqual(before);
  });

  it('does without where the program allows no change', () => {
    const { Error: original } = globalThis;
    try {
      globalThis.Error = class extends original {} as ErrorConstructor;
      expect(taken()).toEqual([]);
    } finally {
      globalThis.Error = original;
    }
  });
});

describe('the stack of a hit', () => {
  it('shows the functions as if unwoven: no frame of ours, and a twin once, under its own name', () => {
    const woven = runWoven(`
      class Ledger {
        settle(n) {
          return n + 1;
        }
      }
      function inner(n) {
        return new Ledger().settle(n);
      }
      (function outer(n) {
        return inner(n);
      })`);
    const board = createSwitchboard();
    board.add({ contract: CONTRACT_VERSION, file: woven.file.id, functions: woven.file.functions.length });
    const stacks: (readonly StackFrame[])[] = [];
    const hook: LineHook = () => {
      stacks.push(takeStack(5, hook));
    };
    const plug = (line: number, plugged: LineHook): void => {
      const { owner, point } = woven.point(line);
      board.plug({ file: woven.file.id, functionIndex: owner.index, pointIndex: point.index }, plugged);
    };
    plug(4, hook);
    plug(4, () => {});
    plug(8, () => {});
    plug(11, () => {});
    // The first call of each armed function takes another way than all further ones.
    for (let round = 0; round < 2; round++) (woven.value as (n: number) => number)(1);
    readStacks();
    for (const stack of stacks) {
      expect(stack.map((frame) => frame.function).slice(0, 3)).toEqual(['Ledger.settle', 'inner', 'outer']);
      expect(stack).toHaveLength(5);
      // Twins stand on the line of the opening brace.
      expect(stack.slice(0, 3).map((frame) => frame.line)).toEqual([3, 7, 10]);
    }
    expect(stacks).toHaveLength(2);
  });
});

describe('stacks that were taken', () => {
  it('are read up to one of them, so that each batch reads its own', () => {
    const hook = (): readonly StackFrame[] => takeStack(5, hook);
    const stacks = [hook(), hook(), hook()];
    const lengths = (): boolean[] => stacks.map((stack) => stack.length > 0);
    expect(lengths()).toEqual([false, false, false]);
    readStacksTo(stacks[1]!);
    expect(lengths()).toEqual([true, true, false]);
    readStacksTo(stacks[0]!);
    expect(lengths()).toEqual([true, true, false]);
    readStacks();
    expect(lengths()).toEqual([true, true, true]);
  });
});

describe('the stack after an await', () => {
  it('goes on with the functions that wait, and marks them', async () => {
    const woven = runWoven(`(async function outer(pause) {
  return await middle(pause);
  async function middle(wait) {
    await wait();
    return inner();
  }
  function inner() {
    return 1;
  }
})`);
    const board = createSwitchboard();
    board.add({ contract: CONTRACT_VERSION, file: woven.file.id, functions: woven.file.functions.length });
    let stack: readonly StackFrame[] = [];
    const hook: LineHook = () => {
      stack = takeStack(5, hook);
    };
    const { owner, point } = woven.point(8);
    board.plug({ file: woven.file.id, functionIndex: owner.index, pointIndex: point.index }, hook);
    await (woven.value as (wait: () => Promise<void>) => Promise<number>)(() => pause(1));
    readStacks();
    expect(stack.slice(0, 3).map((frame) => [frame.function, frame.async])).toEqual([
      ['inner', undefined],
      ['middle', undefined],
      ['outer', true],
    ]);
  });
});

describe('source positions', () => {
  const root = mkdtempSync(path.join(os.tmpdir(), 'dormouse-maps-'));
  afterAll(() => rmSync(root, { recursive: true }));

  // Line 2, column 5 of the output is line 7, column 3 of src/a.ts.
  const map = { version: 3, sources: ['../src/a.ts'], names: [], mappings: ';IAME' };
  const write = (file: string, text: string): string => {
    const whole = path.join(root, file);
    writeFileSync(whole, text);
    return whole;
  };
  const frame = (file: string): StackFrame => ({ function: 'f', file, line: 2, column: 5 });

  async function translate(positions: SourcePositions, ...frames: StackFrame[]): Promise<StackFrame[]> {
    for (let round = 0; !positions.ready(frames); round++) {
      if (round > 200) throw new Error('never ready');
      await pause(5);
    }
    return frames.map(positions.translate);
  }

  it('translates through the map beside the file and through an inline one, for paths and URLs', async () => {
    const outside = write('a.js', '\nf();\n//# sourceMappingURL=a.js.map\n');
    write('a.js.map', JSON.stringify({ ...map, sources: ['src/a.ts'] }));
    const encoded = Buffer.from(JSON.stringify({ ...map, sources: ['src/b.ts'] })).toString('base64');
    const inline = write('b.mjs', `\nf();\n//# sourceMappingURL=data:application/json;base64,${encoded}`);
    const positions = createSourcePositions(root);
    const original = { function: 'f', line: 7, column: 3 };
    expect(await translate(positions, frame(outside), frame(pathToFileURL(inline).href))).toEqual([
      { ...original, file: 'src/a.ts' },
      { ...original, file: 'src/b.ts' },
    ]);
  });

  it("translates webpack's names of sources, which begin at the project's directory", async () => {
    const bundle = write('w.js', '\nf();\n//# sourceMappingURL=w.js.map\n');
    write('w.js.map', JSON.stringify({ ...map, sources: ['webpack://shop/./src/w.ts?1f9c'] }));
    expect(await translate(createSourcePositions(root), frame(bundle))).toEqual([
      { function: 'f', file: 'src/w.ts', line: 7, column: 3 },
    ]);
  });

  it('leaves a frame as it was where there is no map, none that can be read, or none for the position', async () => {
    const none = write('none.js', '\nf();\n');
    const missing = write('missing.js', '\nf();\n//# sourceMappingURL=gone.js.map\n');
    const broken = write('broken.js', '\nf();\n//# sourceMappingURL=broken.js.map\n');
    write('broken.js.map', '{');
    const positions = createSourcePositions(root);
    expect(await translate(positions, frame(none), frame(missing), frame(broken))).toEqual([
      frame('none.js'),
      frame('missing.js'),
      frame('broken.js'),
    ]);
    expect(await translate(positions, frame('node:internal/x'), frame('<anonymous>'))).toEqual([
      frame('node:internal/x'),
      frame('<anonymous>'),
    ]);
  });

  it('leaves a URL that names no local path as it was', async () => {
    const urls = ['file://elsewhere/a.js', 'file:///a%2Fb.js', 'file://['].map(frame);
    expect(await translate(createSourcePositions(root), ...urls)).toEqual(urls);
  });

  it('shows files outside of the root whole', async () => {
    const outside = path.join(os.tmpdir(), 'elsewhere.js');
    expect(await translate(createSourcePositions(root), frame(outside))).toEqual([frame(outside)]);
    expect(await translate(createSourcePositions(undefined), frame(outside))).toEqual([frame(outside)]);
  });

  it('does not open a map that would block the event loop', async () => {
    const big = write('big.js', '\nf();\n//# sourceMappingURL=big.js.map\n');
    write('big.js.map', JSON.stringify({ ...map, mappings: ';IAME'.repeat(100_000) }));
    expect(await translate(createSourcePositions(root), frame(big))).toEqual([frame('big.js')]);
  });
});
