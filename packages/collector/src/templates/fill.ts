import type { TemplateParameter, TemplateValue } from '@dormouse/protocol';

/** `@{limit}`: no expression has an `@`. */
const PARAMETER = /@\{([A-Za-z_]\w*)\}/gu;
const WHOLE = new RegExp(`^${PARAMETER.source}$`, 'u');

/** Fields of a request whose texts are expressions, and the one with a log's text. */
const EXPRESSIONS: ReadonlySet<string> = new Set([
  'condition',
  'expect',
  'watches',
  'value',
  'by',
  'attributes',
]);
const LOG_TEXT = 'template';

/** Parameters with what they stand for. */
export type Values = ReadonlyMap<
  string,
  { readonly type: TemplateParameter['type']; readonly value: TemplateValue }
>;

/** The parameters that a request mentions. */
export function parametersOf(request: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  fillIn(request, (text) => {
    for (const [, name = ''] of text.matchAll(PARAMETER)) found.add(name);
    return text;
  });
  return found;
}

/**
 * A request with values in place of its parameters. In expressions a text becomes a literal, so that no value is ever taken for
 * code; only parameters that are expressions are written as they are, in brackets.
 */
export const fill = (request: object, values: Values): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(request).map(([field, part]) => [
      field,
      fillIn(part, (text) => fillText(text, field, values)),
    ]),
  );

function fillIn(part: unknown, replace: (text: string) => unknown): unknown {
  if (typeof part === 'string') return replace(part);
  if (Array.isArray(part)) return part.map((item) => fillIn(item, replace));
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, fillIn(item, replace)]));
}

function fillText(text: string, field: string, values: Values): unknown {
  const isCode = EXPRESSIONS.has(field);
  const whole = isCode || field === LOG_TEXT ? undefined : values.get(WHOLE.exec(text)?.[1] ?? '');
  if (whole !== undefined) return whole.value;
  return text.replaceAll(PARAMETER, (written, name: string) => {
    const given = values.get(name);
    if (given === undefined) return written;
    if (isCode) return given.type === 'expression' ? `(${given.value})` : JSON.stringify(given.value);
    if (field !== LOG_TEXT) return String(given.value);
    return given.type === 'expression'
      ? `{${given.value}}`
      : String(given.value).replaceAll('{', '{{').replaceAll('}', '}}');
  });
}
