import type { ErrorBody } from '@dormouse/protocol';

import type { Style } from './style.js';
import { escapeUnsafe } from './text.js';

/** The collector's error body, or one of our own with a code of our own. */
export interface ErrorReport {
  readonly error: Omit<ErrorBody['error'], 'code'> & { readonly code: string };
}

/** A failure for a person: what happened, the expression with a caret under the culprit, what may have been meant. */
export function renderError({ error }: ErrorReport, { colors }: Style): string {
  const { code, message, path, excerpt } = error;
  const suggestions = (error.suggestions ?? []).filter((suggestion) => !message.includes(suggestion));
  return [
    `${colors.red(colors.bold('error'))} ${escapeUnsafe(message)} ${colors.dim(`[${escapeUnsafe(code)}]`)}`,
    ...(excerpt === undefined ? [] : renderExcerpt(excerpt, path, colors)),
    ...(suggestions.length === 0
      ? []
      : [`  ${colors.cyan('Did you mean')} ${suggestions.map(escapeUnsafe).join(', ')}?`]),
  ].join('\n');
}

function renderExcerpt(excerpt: string, path: string | undefined, colors: Style['colors']): string[] {
  const lines = excerpt.split('\n').map(escapeUnsafe);
  return [
    ...(path === undefined ? [] : [`  ${colors.dim(`${escapeUnsafe(path)}:`)}`]),
    ...lines.map((line) => `    ${/^\s*\^+\s*$/.test(line) ? colors.red(line) : line}`),
  ];
}
