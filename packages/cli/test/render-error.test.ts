import picocolors from 'picocolors';
import { expect, test } from 'vitest';

import { plainStyle, renderError } from '../src/render/index.ts';

test('an error is what happened, where in the expression, and what may have been meant', () => {
  const text = renderError(
    {
      error: {
        code: 'UNKNOWN_VARIABLE',
        message: 'amuont is not in scope at src/risk.ts:3.',
        path: 'watches[1]',
        excerpt: 'amuont * 2\n^',
        suggestions: ['amount', 'account'],
      },
    },
    plainStyle,
  );
  expect(text).toBe(
    `
error amuont is not in scope at src/risk.ts:3. [UNKNOWN_VARIABLE]
  watches[1]:
    amuont * 2
    ^
  Did you mean amount, account?
`.trim(),
  );
});

test('what the message already says is not suggested again', () => {
  const error = { code: 'UNKNOWN_FILE', message: 'The nearest: src/risk.ts.', suggestions: ['src/risk.ts'] };
  expect(renderError({ error }, plainStyle)).toBe('error The nearest: src/risk.ts. [UNKNOWN_FILE]');
});

test('nothing of it controls the terminal, and the caret keeps its colour', () => {
  const error = { code: 'X\u001b', message: '\u001b[2J', excerpt: 'a\tb\n  ^' };
  expect(renderError({ error }, plainStyle)).toBe('error \\x1b[2J [X\\x1b]\n    a\\tb\n      ^');
  const coloured = renderError({ error }, { ...plainStyle, colors: picocolors.createColors(true) });
  expect(coloured).toContain('\u001b[31m  ^\u001b[39m');
});
