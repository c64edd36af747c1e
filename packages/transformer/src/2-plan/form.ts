import type { WovenForm } from '@dormouse/protocol';
import { ts } from '../1-parse/typescript.js';
import type { Feature, FunctionFacts } from './function-facts.js';

/**
 * The policy: what keeps a function from having two bodies, and why. Everything else that is
 * synchronous gets them: its idle body is then the original text with no hook in it.
 */
const ONE_BODY: Readonly<Record<Feature, string>> = {
  'inner function': 'A second body would duplicate the inner functions and double the text at every level.',
  'inner class': 'As with inner functions; and a class has an identity.',
  arguments: "The twin's own `arguments` would be others, and sloppy ones alias the parameters.",
  super: 'Only methods and arrow functions in them may say `super`.',
  'new.target': 'The twin is not what `new` called.',
  'direct eval': 'The text it runs may declare or use any name.',
  with: 'Any name may be a property.',
  'tagged template': 'Each template in the text has an identity of its own, which tags use as a cache key.',
  'own name': 'Mentioned in the twin, the name would move from a register to the heap.',
  'own name assigned': 'A twin is handed the value; the assignment must fail as before.',
  'multi-line JSX text': 'It cannot be written on one line and mean the same.',
};

/** Picks the body layout of a function; see `woven.ts` in the protocol for the two forms. */
export function formOf(facts: FunctionFacts): WovenForm {
  return hasStatementsOfItsOwn(facts) && isSynchronous(facts) && !needsOneBody(facts) ? 'twin' : 'inline';
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

/** The function's body: a block, an arrow's expression, a field's initialiser, or the file itself. */
export function bodyOf(node: ts.Node): ts.Node | undefined {
  if (ts.isPropertyDeclaration(node)) return node.initializer;
  return ts.isSourceFile(node) ? node : (node as ts.FunctionLikeDeclaration).body;
}
