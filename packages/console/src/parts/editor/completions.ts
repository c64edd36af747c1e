import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import type { CapturedValue } from '@dormouse/protocol';
import { headOf, inline, partsOf, type Part } from '../../words/value.js';

/** What an expression may read at a place. */
export interface Scope {
  readonly variables: readonly string[];
  /** Variables as they were captured last: they tell what is in them. */
  readonly sample: readonly Part[];
}

const SPECIALS: readonly Completion[] = [
  { label: '$hits', type: 'keyword', detail: 'hits so far' },
  { label: '$return', type: 'keyword', detail: 'when it returns' },
  { label: '$error', type: 'keyword', detail: 'when it throws' },
  { label: '$duration', type: 'keyword', detail: 'ms, when it ends' },
];

const CHAIN = /[\p{ID_Start}$_][\p{ID_Continue}$]*(?:\??\.[\p{ID_Start}$_][\p{ID_Continue}$]*)*\??\.?$/u;

/**
 * Completes names in scope, and behind a dot what a captured value had: nobody has to remember what is in `order`.
 * @param isInside whether an expression is written at that place of the text; in a log's template it is so in braces
 */
export function completer(
  scope: () => Scope,
  isInside: (before: string) => boolean,
): (context: CompletionContext) => CompletionResult | null {
  return (context) => {
    const before = context.state.sliceDoc(0, context.pos);
    if (!isInside(before)) return null;
    const chain = CHAIN.exec(before)?.[0] ?? '';
    if (chain === '' && !context.explicit) return null;
    const names = chain.split(/\??\./);
    const last = names.pop() ?? '';
    const options = names.length === 0 ? namesIn(scope()) : membersOf(scope(), names);
    return options.length === 0
      ? null
      : { from: context.pos - last.length, options, validFor: /^[\p{ID_Continue}$]*$/u };
  };
}

function namesIn({ variables, sample }: Scope): Completion[] {
  const known = new Map(sample.map(({ name, value }) => [name, value]));
  const named = variables.map((label) => ({
    label,
    type: 'variable',
    boost: 1,
    ...detailOf(known.get(label)),
  }));
  return [...named, ...SPECIALS];
}

function membersOf({ sample }: Scope, path: readonly string[]): Completion[] {
  let parts: readonly Part[] = sample;
  let value: CapturedValue | undefined;
  for (const name of path) {
    value = parts.find((part) => part.name === name)?.value;
    if (value === undefined) return [];
    parts = partsOf(value);
  }
  const methods =
    value?.type === 'array' || value?.type === 'string' ? [{ label: 'length', type: 'property' }] : [];
  const properties = parts.filter(({ name }) => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name));
  return [
    ...methods,
    ...properties.map(({ name, value: held }) => ({ label: name, type: 'property', ...detailOf(held) })),
  ];
}

function detailOf(value: CapturedValue | undefined): { detail?: string } {
  if (value === undefined) return {};
  const { type } = headOf(value);
  const text = inline(value, 0);
  return { detail: type === '' || text.startsWith(type) ? text.slice(0, 40) : type };
}
