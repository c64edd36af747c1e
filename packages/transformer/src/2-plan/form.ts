import type { WovenForm } from '@dormouse/protocol';
import { ts } from '../1-parse/typescript.js';
import type { Feature, FunctionFacts } from './function-facts.js';

/**
 * The policy: what keeps a function from having two bodies, and why. Everything else that is
 * synchronous gets them: its idle body is then the original text with no hook in it.
 */
const ONE_BODY: Partial<Record<Feature, string>> = {
  'inner class': 'A second body would double the text of whole classes.',
  'inner namespace': 'Of what a compiler makes of it, nothing is known.',
  arguments: "The twin's own `arguments` would be others, and sloppy ones alias the parameters.",
  super: 'Only methods and arrow functions in them may say `super`.',
  'new.target': 'The twin is not what `new` called.',
  'direct eval': 'The text it runs may declare or use any name.',
  with: 'Any name may be a property.',
  'tagged template': 'Each template in the text has an identity of its own, which tags use as a cache key.',
  'own name assigned': 'A twin is handed the value; the assignment must fail as before.',
  'own name in a block': 'A function leaves its block, but not where a parameter has its name.',
  'multi-line JSX text': 'It cannot be written on one line and mean the same.',
};

/** What an inner function with a `this` of its own has of its own too: a copy of it may say the same. */
const ITS_OWN: ReadonlySet<Feature> = new Set([
  'arguments',
  'super',
  'new.target',
  'own name assigned',
  'own name in a block',
]);

/**
 * Functions with inner functions get two bodies up to this length, in characters: each copy of an inner function is
 * text that is loaded and, as a rule, never run. Measured, see decision 0009.
 */
const MAX_COPIED = 1_000;

/** Picks the body layout of a function; see `woven.ts` in the protocol for the two forms. */
export function formOf(facts: FunctionFacts): WovenForm {
  return hasStatementsOfItsOwn(facts) && isSynchronous(facts) && !needsOneBody(facts) && canCopyInner(facts)
    ? 'twin'
    : 'inline';
}

function hasStatementsOfItsOwn({ kind, derivedConstructor }: FunctionFacts): boolean {
  return kind !== 'module' && kind !== 'static-block' && kind !== 'field' && !derivedConstructor;
}

/** V8 never inlines the resumable ones; and with one body a running loop sees a probe armed meanwhile. */
function isSynchronous({ async, generator }: FunctionFacts): boolean {
  return !async && !generator;
}

function needsOneBody({ features }: FunctionFacts): boolean {
  for (const feature of features) if (feature in ONE_BODY) return true;
  return false;
}

/**
 * Only functions without functions in them are copied, so that no text is written more than three times, and none
 * in a parameter list: the parameters that it sees are not the twin's.
 */
function canCopyInner({ node, inner }: FunctionFacts): boolean {
  if (inner.length === 0) return true;
  const body = bodyOf(node) as ts.Node;
  if (body.end - body.pos > MAX_COPIED) return false;
  return inner.every((facts) => facts.node.pos >= body.pos && canBeCopied(facts));
}

function canBeCopied({ kind, inner, features }: FunctionFacts): boolean {
  if (inner.length > 0) return false;
  for (const feature of features) {
    if (feature in ONE_BODY && (kind === 'arrow' || !ITS_OWN.has(feature))) return false;
  }
  return true;
}

/** The function's body: a block, an arrow's expression, a field's initialiser, or the file itself. */
export function bodyOf(node: ts.Node): ts.Node | undefined {
  if (ts.isPropertyDeclaration(node)) return node.initializer;
  return ts.isSourceFile(node) ? node : (node as ts.FunctionLikeDeclaration).body;
}
