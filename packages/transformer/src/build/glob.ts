/**
 * A test for paths with `/`: `*` and `?` stand for what is within a name, `**` for any number of directories,
 * `{a,b}` for one of several. A pattern without `/` is about names, wherever they are; a directory means all in it.
 */
export function matcher(patterns: readonly string[]): (path: string) => boolean {
  const expressions = patterns.map(expression);
  return (path) => expressions.some((pattern) => pattern.test(path));
}

const TOKEN = /\*\*\/|\*\*|[*?{},]|[^*?{},]+/g;

const MEANINGS: Readonly<Record<string, string>> = {
  '**/': '(?:[^/]+/)*',
  '**': '.*',
  '*': '[^/]*',
  '?': '[^/]',
  '{': '(?:',
  ',': '|',
  '}': ')',
};

function expression(pattern: string): RegExp {
  const path = pattern.replace(/^\.\//, '').replace(/\/$/, '');
  const rooted = path.includes('/') ? path : `**/${path}`;
  const text = rooted.replace(TOKEN, (token) => MEANINGS[token] ?? escaped(token));
  return new RegExp(`^${text}(?:/.*)?$`);
}

function escaped(text: string): string {
  return text.replace(/[$()+.[\]\\^|]/g, '\\$&');
}
