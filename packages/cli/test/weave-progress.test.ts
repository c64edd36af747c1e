import { PassThrough } from 'node:stream';

import { expect, test } from 'vitest';

import { progressLine } from '../src/render/weave-progress.ts';

/** What is written for 300 files, one every 20 ms. */
function written(isTTY: boolean): string {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 40 });
  let now = 0;
  const { show, clear } = progressLine(stream as unknown as NodeJS.WriteStream, () => now);
  for (let done = 1; done <= 300; done++, now += 20)
    show({ done, total: 300, path: `src/\u001b[2J${done}.ts` });
  clear();
  return String(stream.read());
}

test('on a terminal one line changes as files are woven, fits, and is gone in the end', () => {
  const lines = written(true).split('\r\u001b[K');
  expect(lines.slice(0, 2)).toEqual(['', expect.stringMatching(/^weaving 6 of 300: src\/.+6\.ts$/)]);
  expect(lines).toHaveLength(61);
  expect(lines.at(-1)).toBe('');
  for (const line of lines) expect(line.length).toBeLessThan(40);
  expect(lines.join('')).not.toContain('\u001b');
});

test('in a log there is a line every five seconds', () => {
  expect(written(false)).toMatch(/^weaving 251 of 300: src\/\S+251\.ts\n$/);
});
