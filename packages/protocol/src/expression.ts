/**
 * The expression language's tree: what `@dormouse/expression/parse` makes of text at the collector and
 * `@dormouse/expression/evaluate` runs in the process. Plain data, so it travels in any codec. A tree is
 * never trusted: the process verifies it again before arming (`verify` in `@dormouse/expression/evaluate`).
 */

/** Version of the tree; a process refuses a version it does not know. */
export const EXPRESSION_VERSION = 1;

export type Expression =
  | { readonly op: 'literal'; readonly value: string | number | boolean | null }
  | { readonly op: 'bigint'; readonly digits: string }
  | { readonly op: 'undefined' }
  /** A variable in scope, `this`, or one of the specials: `$hits`, `$return`, `$error`, `$duration`, `$ctx`. */
  | { readonly op: 'name'; readonly name: string }
  | {
      readonly op: 'member';
      readonly object: Expression;
      readonly key: Expression;
      readonly optional: boolean;
    }
  /** Where an optional chain ends: `a?.b.c` is chain(member(member?(a, b), c)). */
  | { readonly op: 'chain'; readonly body: Expression }
  | { readonly op: 'unary'; readonly operator: UnaryOperator; readonly operand: Expression }
  | {
      readonly op: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly op: 'logical';
      readonly operator: '&&' | '||' | '??';
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly op: 'conditional';
      readonly test: Expression;
      readonly then: Expression;
      readonly otherwise: Expression;
    }
  | { readonly op: 'template'; readonly parts: readonly (string | Expression)[] }
  | { readonly op: 'array'; readonly items: readonly Expression[] }
  | { readonly op: 'object'; readonly entries: readonly (readonly [string, Expression])[] }
  /** An allow-listed pure method of a built-in, called through the intrinsic saved at load. */
  | {
      readonly op: 'call';
      readonly object: Expression;
      readonly method: string;
      readonly args: readonly (Expression | Predicate)[];
      readonly optional: boolean;
    }
  | { readonly op: 'instanceof'; readonly object: Expression; readonly className: string }
  | { readonly op: 'regexp'; readonly pattern: string; readonly flags: string };

/** `item => item.sku === 'x'`, only as an argument of `some`, `every`, `find`, `filter`, `map`. */
export interface Predicate {
  readonly op: 'arrow';
  readonly parameters: readonly string[];
  readonly body: Expression;
}

export type UnaryOperator = '!' | '-' | '+' | '~' | 'typeof';

export type BinaryOperator =
  | '==='
  | '!=='
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '**'
  | '&'
  | '|'
  | '^'
  | '<<'
  | '>>'
  | '>>>'
  | 'in';

/** An expression with the text it came from, so that evidence can show what was asked. */
export interface CompiledExpression {
  readonly version: typeof EXPRESSION_VERSION;
  readonly source: string;
  readonly tree: Expression;
  /** The variables in scope that it reads (specials and arrow parameters left out), each once. */
  readonly reads: readonly string[];
}
