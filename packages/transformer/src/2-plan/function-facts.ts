import type { FunctionKind } from '@dormouse/protocol';
import type { ts } from '../1-parse/typescript.js';
import type { Binding, Scope } from './scope.js';

/** What a function's own text does that matters for how it can be woven. */
export type Feature =
  | 'arguments'
  | 'super'
  | 'new.target'
  | 'direct eval'
  | 'with'
  | 'tagged template'
  | 'inner class'
  | 'inner namespace'
  | 'own name'
  | 'own name assigned'
  | 'own name in a block'
  | 'multi-line JSX text';

/** How a function uses a variable that belongs to an enclosing function or to the module. */
export interface OuterUse {
  readonly offsets: number[];
  /** Whether it is ever more than the target of a call or of `new`. */
  read: boolean;
}

/** A function, or anything else with a body of its own, as the analysis saw it. */
export interface FunctionFacts {
  readonly node: ts.Node;
  readonly parent: FunctionFacts | undefined;
  /** The functions directly in it, its parameters included, in text order. */
  readonly inner: FunctionFacts[];
  /** TypeScript's namespaces and enums have a scope of their own, but become functions only in what is emitted. */
  readonly kind: FunctionKind | 'namespace';
  readonly derivedConstructor: boolean;
  readonly async: boolean;
  readonly generator: boolean;
  readonly features: Set<Feature>;
  readonly parameters: Binding[];
  /** Whether the function, or an arrow function within it, reads `this`. */
  usesThis: boolean;
  /** Where the function itself declares or mentions its own variables, ascending. */
  readonly mentions: Map<Binding, number[]>;
  /** Variables of enclosing functions and the module (and, in a module body, imports) that it uses itself. */
  readonly outers: Map<Binding, OuterUse>;
}

/** A parsed file with its functions and scopes. */
export interface Analysis {
  readonly module: FunctionFacts;
  /** Every node that has a body of its own. */
  readonly functions: ReadonlyMap<ts.Node, FunctionFacts>;
  /** The scope that a node opens. */
  readonly scopes: ReadonlyMap<ts.Node, Scope>;
  /** Every identifier that refers to a variable, with what it refers to. */
  readonly references: ReadonlyMap<ts.Identifier, Binding | undefined>;
}

/** The function whose `this` an arrow function, at any depth, sees. */
export function thisProvider(facts: FunctionFacts): FunctionFacts {
  return facts.kind === 'arrow' && facts.parent !== undefined ? thisProvider(facts.parent) : facts;
}
