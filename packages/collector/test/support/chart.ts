import { stringify } from 'yaml';

/**
 * Renders as much of Helm's template language as our chart uses, and refuses the rest: `{{ .path }}`, `| quote`,
 * `toYaml .path | nindent N`, `add .path N`, `if .path` … `end`, and `{{-`, which takes the blanks before it away.
 */
export function renderTemplate(template: string, context: object): string {
  const shown: boolean[] = [];
  let text = '';
  let end = 0;
  for (const match of template.matchAll(/(\s*)\{\{(-?) (.*?) \}\}/gs)) {
    const [whole, blanks = '', trims, action = ''] = match;
    const before = template.slice(end, match.index) + (trims === '-' ? '' : blanks);
    if (!shown.includes(false)) text += before;
    end = match.index + whole.length;
    const [, condition] = /^if (\.\S+)$/.exec(action) ?? [];
    if (condition !== undefined) shown.push(Boolean(valueAt(context, condition)));
    else if (action === 'end') shown.pop();
    else if (!shown.includes(false)) text += evaluate(action, context);
  }
  return text + template.slice(end);
}

function evaluate(action: string, context: object): string {
  const [, path, quoted] = /^(\.\S+)( \| quote)?$/.exec(action) ?? [];
  if (path !== undefined) {
    const value = String(valueAt(context, path));
    return quoted === undefined ? value : JSON.stringify(value);
  }
  const [, tree, indent] = /^toYaml (\.\S+) \| nindent (\d+)$/.exec(action) ?? [];
  if (tree !== undefined)
    return `\n${stringify(valueAt(context, tree)).trimEnd()}`.replaceAll(
      '\n',
      `\n${' '.repeat(Number(indent))}`,
    );
  const [, number, more] = /^add (\.\S+) (\d+)$/.exec(action) ?? [];
  if (number !== undefined) return String(Number(valueAt(context, number)) + Number(more));
  throw new Error(`The template has {{ ${action} }}, which is not understood here.`);
}

/** @throws where there is no such value: Helm would write nothing */
export function valueAt(context: object, path: string): unknown {
  const value = path
    .split('.')
    .slice(1)
    .reduce((at: unknown, name) => (at as Record<string, unknown> | undefined)?.[name], context);
  if (value === undefined) throw new Error(`There is no ${path}.`);
  return value;
}
