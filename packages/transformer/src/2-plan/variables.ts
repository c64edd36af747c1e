import type { ts } from '../1-parse/typescript.js';
import type { Analysis, FunctionFacts } from './function-facts.js';
import type { Binding, Scope } from './scope.js';

/** A hook with more values than this costs more bytecode than it helps. */
const MAX_LOCALS = 48;
const MAX_OUTERS = 24;

/** Assigning or shadowing these is special everywhere; a hook keeps away from them. */
const SPECIAL_NAMES = new Set(['arguments', 'eval']);

const READABLE_LOCALS = new Set(['parameter', 'var', 'lexical', 'catch']);
const READABLE_OUTERS = new Set([...READABLE_LOCALS, 'import']);

/**
 * The function's own variables that are visible and initialised on every path to `offset`, in order
 * of declaration: reading any of them cannot throw.
 */
export function localsAt(facts: FunctionFacts, scope: Scope, offset: number): readonly Binding[] {
  const nearest = new Map<string, Binding>();
  for (let s: Scope | undefined = scope; s?.owner === facts; s = s.parent) {
    for (const [name, binding] of s.bindings) if (!nearest.has(name)) nearest.set(name, binding);
  }
  const readable = [...nearest.values()].filter(
    (binding) =>
      READABLE_LOCALS.has(binding.kind) &&
      !SPECIAL_NAMES.has(binding.name) &&
      binding.owner === facts &&
      binding.readableFrom <= offset &&
      offset < binding.readableTo,
  );
  const offsets = (binding: Binding): readonly number[] => facts.mentions.get(binding) ?? [];
  return byDeclaration(nearestTo(offset, readable, MAX_LOCALS, offsets));
}

/**
 * The variables of enclosing functions and the module that the function itself reads and that their
 * name still means at `scope`. Any other would have to move to the heap to be reachable.
 */
export function outersAt(facts: FunctionFacts, scope: Scope, offset: number): readonly Binding[] {
  const readable: Binding[] = [];
  for (const [binding, use] of facts.outers) {
    const listed = use.read && READABLE_OUTERS.has(binding.kind) && !SPECIAL_NAMES.has(binding.name);
    if (listed && scope.resolve(binding.name) === binding) readable.push(binding);
  }
  const offsets = (binding: Binding): readonly number[] => facts.outers.get(binding)?.offsets ?? [];
  return byDeclaration(nearestTo(offset, readable, MAX_OUTERS, offsets));
}

/** The scope in which the text at a statement or expression is read. */
export function scopeAround(node: ts.Node, analysis: Analysis): Scope {
  let around = node.parent;
  for (;;) {
    const scope = analysis.scopes.get(around);
    if (scope !== undefined) return scope;
    around = around.parent;
  }
}

function byDeclaration(bindings: readonly Binding[]): readonly Binding[] {
  return [...bindings].sort((a, b) => a.declaredAt - b.declaredAt);
}

/** Of too many, those mentioned closest to `offset`. */
function nearestTo(
  offset: number,
  bindings: readonly Binding[],
  limit: number,
  offsets: (binding: Binding) => readonly number[],
): readonly Binding[] {
  if (bindings.length <= limit) return bindings;
  const distances = new Map(bindings.map((binding) => [binding, distance(offset, offsets(binding))]));
  const closeness = (a: Binding, b: Binding): number =>
    (distances.get(a) as number) - (distances.get(b) as number) || a.declaredAt - b.declaredAt;
  return [...bindings].sort(closeness).slice(0, limit);
}

function distance(offset: number, sorted: readonly number[]): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < offset) low = middle + 1;
    else high = middle;
  }
  const after = sorted[low] ?? Infinity;
  const before = sorted[low - 1] ?? -Infinity;
  return Math.min(after - offset, offset - before);
}
