import {
  type BinaryOperator,
  type CompiledExpression,
  EXPRESSION_VERSION,
  type Expression,
  LIMITS,
  type Predicate,
  type UnaryOperator,
} from '@dormouse/protocol';
import { functionRule, type MethodRule, methodRule, namespace } from '../language/builtins.js';
import { compilePattern, PATTERN_FLAGS, PatternError } from '../pattern/pattern.js';
import { EvaluationError } from './evaluation-error.js';
import { BINARY, UNARY } from './operators.js';

/** Longest name, key, method or class name. */
const NAME_LENGTH = 1_000;

/**
 * Verifies what came over the wire as an expression: version, shape and bounds of its tree.
 * @returns a copy of the verified parts, so that nothing else of the message is ever looked at
 * @throws EvaluationError
 */
export function verifyExpression(value: unknown): CompiledExpression {
  const { version, source, tree, reads } = record(value);
  if (version !== EXPRESSION_VERSION) {
    throw new EvaluationError(
      `an expression of version ${String(version)}; this process knows version ${EXPRESSION_VERSION}`,
    );
  }
  return {
    version: EXPRESSION_VERSION,
    source: string(source, LIMITS.templateLength),
    tree: verify(tree),
    reads: list(reads, LIMITS.expressionNodes).map((name) => string(name, NAME_LENGTH)),
  };
}

/**
 * Verifies a tree: only known nodes, operators and methods, within the limits of nodes and depth.
 * @returns a copy
 * @throws EvaluationError
 */
export function verify(tree: unknown): Expression {
  return new Verifier().expression(tree);
}

class Verifier {
  #nodes = 0;
  #depth = 0;

  /** @param link whether an optional chain may be cut here: within a `chain`, along its objects */
  expression(value: unknown, link = false): Expression {
    this.#enter();
    const verified = this.#known(record(value), link);
    this.#depth--;
    return verified;
  }

  #known(node: Record<string, unknown>, link: boolean): Expression {
    switch (node['op']) {
      case 'literal':
        return { op: 'literal', value: literal(node['value']) };
      case 'bigint':
        return { op: 'bigint', digits: digits(node['digits']) };
      case 'undefined':
        return { op: 'undefined' };
      case 'name':
        return { op: 'name', name: string(node['name'], NAME_LENGTH) };
      case 'member':
        return {
          op: 'member',
          object: this.expression(node['object'], link),
          key: this.expression(node['key']),
          optional: optional(node['optional'], link),
        };
      case 'chain':
        return { op: 'chain', body: this.expression(node['body'], true) };
      case 'unary':
        return {
          op: 'unary',
          operator: operator<UnaryOperator>(node['operator'], UNARY),
          operand: this.expression(node['operand']),
        };
      case 'binary':
        return {
          op: 'binary',
          operator: operator<BinaryOperator>(node['operator'], BINARY),
          left: this.expression(node['left']),
          right: this.expression(node['right']),
        };
      case 'logical':
        return {
          op: 'logical',
          operator: operator<'&&' | '||' | '??'>(node['operator'], LOGICAL),
          left: this.expression(node['left']),
          right: this.expression(node['right']),
        };
      case 'conditional':
        return {
          op: 'conditional',
          test: this.expression(node['test']),
          then: this.expression(node['then']),
          otherwise: this.expression(node['otherwise']),
        };
      case 'template':
        return { op: 'template', parts: this.#list(node['parts']).map((part) => this.#templatePart(part)) };
      case 'array':
        return { op: 'array', items: this.#list(node['items']).map((item) => this.expression(item)) };
      case 'object':
        return { op: 'object', entries: this.#list(node['entries']).map((entry) => this.#entry(entry)) };
      case 'call':
        return this.#call(node, link);
      case 'instanceof':
        return {
          op: 'instanceof',
          object: this.expression(node['object']),
          className: string(node['className'], NAME_LENGTH),
        };
      case 'regexp':
        return refuse('a regular expression that is no part of a call');
      default:
        return refuse(`no node is called ${typeof node['op'] === 'string' ? node['op'] : typeof node['op']}`);
    }
  }

  #templatePart(part: unknown): string | Expression {
    return typeof part === 'string' ? string(part, LIMITS.templateLength) : this.expression(part);
  }

  #entry(entry: unknown): readonly [string, Expression] {
    const pair = list(entry, 2);
    const key = string(pair[0], NAME_LENGTH);
    if (key === '__proto__') refuse('`__proto__` is not a property');
    return [key, this.expression(pair[1])];
  }

  #call(node: Record<string, unknown>, link: boolean): Expression {
    const method = string(node['method'], NAME_LENGTH);
    const object = this.#object(node['object'], link);
    const owner = object.op === 'name' && namespace(object.name) ? object.name : undefined;
    const rule = (owner !== undefined && functionRule(owner, method)) || methodRule(method);
    if (!rule) return refuse(`no method ${method} may be called`);
    if ((rule.pattern === 'object') !== (object.op === 'regexp')) refuse(`${method} of something else`);
    const args = this.#list(node['args']);
    const {
      arguments: [least, most],
      predicate,
    } = rule;
    if (args.length < least || args.length > most) refuse(`${args.length} arguments for ${method}`);
    return {
      op: 'call',
      object,
      method,
      args: args.map((argument, index) =>
        predicate ? this.#predicate(argument) : this.#argument(argument, index === 0 && rule.pattern, method),
      ),
      optional: optional(node['optional'], link),
    };
  }

  #object(value: unknown, link: boolean): Expression {
    return isPattern(value) ? this.#pattern(value) : this.expression(value, link);
  }

  #argument(value: unknown, pattern: MethodRule['pattern'] | false, method: string): Expression {
    if (!isPattern(value) || !pattern) {
      return pattern === 'argument'
        ? refuse(`${method} without a regular expression`)
        : this.expression(value);
    }
    const verified = this.#pattern(value);
    if (method === 'replaceAll' && !verified.flags.includes('g')) refuse('`replaceAll` without the flag g');
    return verified;
  }

  #pattern(node: Record<string, unknown>): Extract<Expression, { op: 'regexp' }> {
    this.#enter();
    const pattern = string(node['pattern'], LIMITS.expressionLength);
    const flags = string(node['flags'], PATTERN_FLAGS.length);
    try {
      compilePattern(pattern, flags);
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      refuse(`/${pattern}/${flags}: ${error.message}`);
    }
    this.#depth--;
    return { op: 'regexp', pattern, flags };
  }

  #predicate(value: unknown): Predicate {
    this.#enter();
    const { op, parameters, body } = record(value);
    if (op !== 'arrow') refuse('a predicate is an arrow');
    const names = list(parameters, 2).map((name) => string(name, NAME_LENGTH));
    const verified: Predicate = { op: 'arrow', parameters: names, body: this.expression(body) };
    this.#depth--;
    return verified;
  }

  #list(value: unknown): readonly unknown[] {
    return list(value, LIMITS.expressionNodes);
  }

  #enter(): void {
    if (++this.#nodes > LIMITS.expressionNodes) refuse(`more than ${LIMITS.expressionNodes} nodes`);
    if (++this.#depth > LIMITS.expressionDepth) refuse(`more than ${LIMITS.expressionDepth} levels`);
  }
}

const LOGICAL: Readonly<Record<string, true>> = { '&&': true, '||': true, '??': true };

const isPattern = (value: unknown): value is Record<string, unknown> => record(value)['op'] === 'regexp';

function refuse(why: string): never {
  throw new EvaluationError(`not an expression that this process evaluates: ${why}`);
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refuse('a node is an object');
  return value as Record<string, unknown>;
}

function list(value: unknown, most: number): readonly unknown[] {
  if (!Array.isArray(value)) return refuse('a list is missing');
  if (value.length > most) return refuse(`a list of ${value.length}`);
  return value;
}

function string(value: unknown, most: number): string {
  if (typeof value !== 'string') return refuse('a text is missing');
  if (value.length > most) return refuse(`a text of ${value.length} characters`);
  return value;
}

function literal(value: unknown): string | number | boolean | null {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  return string(value, LIMITS.expressionLength);
}

function digits(value: unknown): string {
  const text = string(value, NAME_LENGTH);
  return /^\d+$/.test(text) ? text : refuse('a bigint is written in digits');
}

function operator<Operator extends string>(
  value: unknown,
  table: Readonly<Record<string, unknown>>,
): Operator {
  const name = string(value, NAME_LENGTH);
  return Object.hasOwn(table, name) ? (name as Operator) : refuse(`no operator ${name}`);
}

function optional(value: unknown, link: boolean): boolean {
  if (typeof value !== 'boolean') return refuse('`optional` is missing');
  return value && !link ? refuse('an optional link outside of a chain') : value;
}
