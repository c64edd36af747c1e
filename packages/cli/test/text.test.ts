import { expect, test } from 'vitest';

import { printableJson, renderTable, styleFor, type Style } from '../src/render/index.ts';
import { plainStyle } from '../src/render/style.ts';
import { displayWidth, escapeUnsafe, shorten, wrap } from '../src/render/text.ts';
import { formatDuration } from '../src/render/time.ts';

test.each([
  ['plain text, even with é and 漢字', 'plain text, even with é and 漢字'],
  ['a\nb\tc\r', 'a\\nb\\tc\\r'],
  ['\u001b[31mred\u001b[0m', '\\x1b[31mred\\x1b[0m'],
  ['\u009b2J', '\\x9b2J'],
  ['user\u202egnp.exe', 'user\\u{202e}gnp.exe'],
  ['a\u2028b', 'a\\u{2028}b'],
])('unsafe characters of %j are shown, not sent', (text, safe) => {
  expect(escapeUnsafe(text)).toBe(safe);
});

test.each([
  ['abc', 3],
  ['漢字', 4],
  ['🐭', 2],
  ['e\u0301', 1],
  ['\u001b[31mred\u001b[39m', 3],
])('%j takes %d columns', (text, width) => {
  expect(displayWidth(text)).toBe(width);
});

test('text is shortened and wrapped by columns, not by characters', () => {
  expect(shorten('漢字漢字', 5)).toBe('漢字…');
  expect(shorten('漢字漢字', 5, 'start')).toBe('…漢字');
  expect(shorten('abcde', 5)).toBe('abcde');
  expect(wrap('漢字漢字', 5)).toEqual(['漢字', '漢字']);
});

test.each([
  [999, '0s'],
  [45_000, '45s'],
  [570_000, '9m 30s'],
  [7_200_000, '2h'],
  [7_205_000, '2h'],
  [7 * 86_400_000 - 1, '6d 23h'],
])('%d ms is %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

const rows = [
  { name: 'short', text: 'fits', size: 1 },
  { name: 'a name that is rather long', text: 'and a text that is longer still', size: 20 },
];
const columns = [
  { header: 'NAME', cell: ({ name }: (typeof rows)[0]) => name, cut: 'end' as const },
  { header: 'SIZE', cell: ({ size }: (typeof rows)[0]) => String(size), align: 'right' as const },
  { header: 'TEXT', cell: ({ text }: (typeof rows)[0]) => text, cut: 'end' as const },
];

test('a table is aligned', () => {
  expect(renderTable(rows, columns, plainStyle)).toBe(
    `
NAME                        SIZE  TEXT
short                          1  fits
a name that is rather long    20  and a text that is longer still
`.trim(),
  );
});

test('a table is cut to the terminal, the widest columns first', () => {
  const narrow: Style = { ...plainStyle, width: 40 };
  const lines = renderTable(rows, columns, narrow).split('\n');
  expect(lines).toEqual([
    'NAME              SIZE  TEXT',
    'short                1  fits',
    'a name that is …    20  and a text that…',
  ]);
});

test.each([
  [{ isTTY: true, columns: 100 }, {}, true, 100],
  [{ isTTY: true, columns: 100 }, { NO_COLOR: '1' }, false, 100],
  [{ isTTY: true, columns: 100 }, { TERM: 'dumb' }, false, 100],
  [{}, {}, false, Infinity],
  [{}, { FORCE_COLOR: '1' }, true, Infinity],
])('output %j with %j', (output, environment, colored, width) => {
  const style = styleFor(output, environment);
  expect(style.colors.red('x') !== 'x').toBe(colored);
  expect(style.width).toBe(width);
});

test('JSON for a terminal has no character that acts on it, and means the same', () => {
  const value = { '\u202e': ['a\u009b31m\u007f', '\u{e0049}\u2028\u001b', 'für 💶\n'] };
  const text = printableJson(value);
  expect(text).toBe('{"\\u202e":["a\\u009b31m\\u007f","\\udb40\\udc49\\u2028\\u001b","für 💶\\n"]}');
  expect(JSON.parse(text)).toEqual(value);
  expect(JSON.parse(printableJson(value, 2))).toEqual(value);
});
