import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { weave } from '../src/index.ts';

const PROGRAM = `function pay(order) {
  const total = order.total;
  if (total > 1)
    throw new RangeError('too much: ' + total);
}
pay({ total: 2 });
`;

it('an uncaught error is printed with the same line and source text', () => {
  const directory = mkdtempSync(join(tmpdir(), 'dormouse-uncaught-'));
  const path = join(directory, 'main.cjs');
  const printed = (code: string): { head: readonly string[]; status: number | null } => {
    writeFileSync(path, code);
    const { stderr, status } = spawnSync(process.execPath, [path], { encoding: 'utf8' });
    return {
      head: stderr
        .replaceAll(path, 'main.cjs')
        .replace(/:(\d+):\d+\)/g, ':$1)')
        .split('\n'),
      status,
    };
  };
  try {
    const original = printed(PROGRAM);
    const woven = printed(weave(PROGRAM, { filename: path, root: directory }).code);
    expect(original.head.slice(0, 2)).toEqual([
      'main.cjs:4',
      "    throw new RangeError('too much: ' + total);",
    ]);
    expect(woven).toEqual(original);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
