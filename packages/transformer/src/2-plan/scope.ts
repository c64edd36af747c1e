import type { ts } from '../1-parse/typescript.js';
import type { FunctionFacts } from './function-facts.js';

/** How a name came into being; it decides whether and from where a hook may read it. */
export type BindingKind =
  | 'parameter'
  | 'var'
  /** `let`, `const`, `using`: readable once its declaration has run. */
  | 'lexical'
  | 'catch'
  | 'import'
  | 'import-namespace'
  | 'function'
  | 'class'
  /** The name of a function expression, seen from inside. */
  | 'own-name'
  /** Enums and namespaces: TypeScript rewrites what refers to them. */
  | 'typescript';

export interface Binding {
  readonly name: string;
  readonly kind: BindingKind;
  readonly owner: FunctionFacts;
  /** Offset of the declaring identifier. */
  readonly declaredAt: number;
  /** The stretch of text in which the owner's own statements can read it without risk. */
  readonly readableFrom: number;
  readonly readableTo: number;
  /** The function it is bound to for good, where that can be seen. */
  readonly value: ts.Node | undefined;
}

/** The names of one scope, and where it lies. */
export class Scope {
  readonly bindings = new Map<string, Binding>();

  readonly owner: FunctionFacts;
  readonly parent: Scope | undefined;

  constructor(owner: FunctionFacts, parent: Scope | undefined) {
    this.owner = owner;
    this.parent = parent;
  }

  /** A name declared twice (`var a` beside a parameter `a`) keeps its first meaning, but a function's name wins. */
  declare(binding: Binding): void {
    const earlier = this.bindings.get(binding.name);
    if (earlier === undefined || binding.kind === 'function') this.bindings.set(binding.name, binding);
  }

  resolve(name: string): Binding | undefined {
    return this.bindings.get(name) ?? this.parent?.resolve(name);
  }

  /** The outermost scope of the same function, where its `var`s live. */
  get top(): Scope {
    return this.parent?.owner === this.owner ? this.parent.top : this;
  }
}
