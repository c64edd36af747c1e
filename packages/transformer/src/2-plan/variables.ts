import type { ts } from '../1-parse/typescript.js';
import { firstFrom } from './first-from.js';
import type { Analysis, FunctionFacts } from './function-facts.js';
import type { Binding, Scope } from './scope.js';

/** A hook with more values than this costs more bytecode than it helps; modules and their wrappers run once and are long. */
const MAX_LOCALS = 48;
const MAX_MODULE_LOCALS = 8;

/** In a function with more variables than this, only those mentioned near a point are considered for it. */
const MANY_VARIABLES = 256;
const MENTIONS_LOOKED_AT = 1_024;
const MAX_OUTERS = 24;

/** Assigning or shadowing these is special everywhere; a hook keeps away from them. */
const SPECIAL_NAMES = new Set(['arguments', 'eval']);

const READABLE_LOCALS = new Set(['parameter', 'var', 'lexical', 'catch']);
const READABLE_OUTERS = new Set([...READABLE_LOCALS, 'import']);

/**
 * The function's own variables that are visible and initialised on every path to `offset`, in order
 * of declaration: reading any of them cannot throw. A module's variables that hold a function from the start are
 * left out as declared functions are: they say nothing, and there are many.
 */
export function localsAt(facts: FunctionFacts, scope: Scope, offset: number): readonly Binding[] {
  const considered = facts.mentions.size > MANY_VARIABLES ? mentionedAround(facts, offset) : undefined;
  const readable = visible(facts, scope, considered).filter(
    (binding) =>
      READABLE_LOCALS.has(binding.kind) &&
      !SPECIAL_NAMES.has(binding.name) &&
      binding.owner === facts &&
      binding.readableFrom <= offset &&
      offset < binding.readableTo &&
      !(facts.kind === 'module' && binding.value !== undefined),
  );
  const offsets = (binding: Binding): readonly number[] => facts.mentions.get(binding) ?? [];
  const runsOnce = facts.kind === 'module' || considered !== undefined;
  const limit = runsOnce ? MAX_MODULE_LOCALS : MAX_LOCALS;
  return byDeclaration(nearestTo(offset, readable, limit, offsets));
}

/** The function's own bindings that their names mean at `scope`: all, or those of `considered`. */
function visible(
  facts: FunctionFacts,
  scope: Scope,
  considered: ReadonlySet<Binding> | undefined,
): readonly Binding[] {
  if (considered) return [...considered].filter((binding) => scope.resolve(binding.name) === binding);
  const nearest = new Map<string, Binding>();
  for (let s: Scope | undefined = scope; s?.owner === facts; s = s.parent) {
    for (const [name, binding] of s.bindings) if (!nearest.has(name)) nearest.set(name, binding);
  }
  return [...nearest.values()];
}

type Mentions = readonly (readonly [offset: number, binding: Binding])[];
const mentionsInOrder = new WeakMap<FunctionFacts, Mentions>();

/** The variables of a function that are mentioned closest to `offset`, so that the work per point is bounded. */
function mentionedAround(facts: FunctionFacts, offset: number): ReadonlySet<Binding> {
  let mentions = mentionsInOrder.get(facts);
  if (mentions === undefined) {
    mentions = [...facts.mentions]
      .flatMap(([binding, offsets]) => offsets.map((at) => [at, binding] as const))
      .sort(([a], [b]) => a - b);
    mentionsInOrder.set(facts, mentions);
  }
  const middle = firstFrom(mentions.length, (index) => (mentions[index]?.[0] ?? 0) >= offset);
  const from = Math.max(0, middle - MENTIONS_LOOKED_AT / 2);
  return new Set(mentions.slice(from, from + MENTIONS_LOOKED_AT).map(([, binding]) => binding));
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
  const next = firstFrom(sorted.length, (index) => (sorted[index] as number) >= offset);
  const after = sorted[next] ?? Infinity;
  const before = sorted[next - 1] ?? -Infinity;
  return Math.min(after - offset, offset - before);
}
