import type { BinaryOperator, Expression, Predicate, UnaryOperator } from '@dormouse/protocol';
import { LIMITS } from '@dormouse/protocol';
import type * as acorn from 'acorn';
import {
  functionRule,
  methodRule,
  METHODS,
  namespace,
  NAMESPACES,
  type MethodRule,
} from '../language/builtins.js';
import { compilePattern, PatternError } from '../pattern/pattern.js';
import { ExpressionError, type ExpressionErrorCode } from './expression-error.js';
import { nearest } from './nearest.js';
import {
  GLOBAL_FUNCTIONS,
  GLOBAL_WANTED,
  PATTERN_OF_THE_PROGRAM,
  PATTERN_PLACES,
  PATTERN_WANTED,
  REFUSALS,
  REFUSED_METHODS,
  REFUSED_OPERATORS,
} from './refusals.js';

/** A name, and where the text has it. */
export interface Reference {
  readonly name: string;
  readonly offset: number;
}

type Argument = acorn.Expression | acorn.SpreadElement;
type AnyNode = acorn.AnyNode;

/** The node inside any parentheses, which the parser keeps for the sake of positions. */
const bare = (node: AnyNode): AnyNode =>
  node.type === 'ParenthesizedExpression' ? bare(node.expression) : node;

const UNARY: ReadonlySet<string> = new Set<UnaryOperator>(['!', '-', '+', '~', 'typeof']);

/**
 * Makes the language's tree of acorn's, node by node, and refuses with a reason whatever is not in the
 * language. Notes on the way which names are read, for {@link checkNames}.
 */
export class Reader {
  /** Free variables and specials, at each place where one is read. */
  readonly variables: Reference[] = [];
  /** Keys that are known from the text: `.key`, `['key']`, `map.get('key')`. */
  readonly keys: Reference[] = [];

  readonly #text: string;
  /** Parameters of the predicates around the node that is being read. */
  readonly #parameters: string[] = [];
  #nodes = 0;
  #depth = 0;

  /** @param text the whole text that the nodes' positions refer to */
  constructor(text: string) {
    this.#text = text;
  }

  read(node: AnyNode): Expression {
    this.#enter(node);
    const tree = this.#readKnown(bare(node));
    this.#depth--;
    return tree;
  }

  #readKnown(node: AnyNode): Expression {
    switch (node.type) {
      case 'Literal':
        return this.#readLiteral(node);
      case 'Identifier':
        return this.#readIdentifier(node);
      case 'ThisExpression':
        return this.#readVariable('this', node.start);
      case 'MemberExpression':
        return this.#readMember(node);
      case 'ChainExpression':
        return { op: 'chain', body: this.read(node.expression) };
      case 'UnaryExpression':
        return this.#readUnary(node);
      case 'BinaryExpression':
        return this.#readBinary(node);
      case 'LogicalExpression':
        return {
          op: 'logical',
          operator: node.operator,
          left: this.read(node.left),
          right: this.read(node.right),
        };
      case 'ConditionalExpression':
        return {
          op: 'conditional',
          test: this.read(node.test),
          then: this.read(node.consequent),
          otherwise: this.read(node.alternate),
        };
      case 'TemplateLiteral':
        return { op: 'template', parts: this.#readTemplateParts(node) };
      case 'ArrayExpression':
        return { op: 'array', items: node.elements.map((element) => this.#readElement(node, element)) };
      case 'ObjectExpression':
        return { op: 'object', entries: node.properties.map((property) => this.#readEntry(property)) };
      case 'CallExpression':
        return this.#readCall(node);
      default:
        return this.#refuse(
          node,
          REFUSALS[node.type] ?? `${node.type} is not part of the expression language.`,
        );
    }
  }

  #readLiteral(node: acorn.Literal): Expression {
    if (node.regex) return this.#refuse(node, PATTERN_PLACES);
    if (node.bigint) return { op: 'bigint', digits: BigInt(node.bigint).toString() };
    if (node.value === Infinity) return INFINITE;
    return { op: 'literal', value: node.value as string | number | boolean | null };
  }

  #readIdentifier(node: acorn.Identifier): Expression {
    const { name } = node;
    if (!this.#parameters.includes(name)) {
      if (name === 'undefined') return { op: 'undefined' };
      if (name === 'NaN') return NOT_A_NUMBER;
      if (name === 'Infinity') return INFINITE;
    }
    return this.#readVariable(name, node.start);
  }

  #readVariable(name: string, offset: number): Expression {
    if (!this.#parameters.includes(name)) this.variables.push({ name, offset });
    return { op: 'name', name };
  }

  #readMember(node: acorn.MemberExpression): Expression {
    if (node.property.type === 'PrivateIdentifier')
      return this.#refuse(node.property, REFUSALS['PrivateIdentifier']!);
    const constant = this.#readConstant(node);
    if (constant) return constant;
    const object = this.read(node.object);
    const key = node.computed ? this.read(node.property) : this.#readKey(node.property as acorn.Identifier);
    if (key.op === 'literal') this.keys.push({ name: String(key.value), offset: node.property.start });
    return { op: 'member', object, key, optional: node.optional === true };
  }

  #readKey(node: acorn.Identifier): Expression {
    this.#enter(node);
    this.#depth--;
    return { op: 'literal', value: node.name };
  }

  /** `Math.PI` and its kin. */
  #readConstant(node: acorn.MemberExpression): Expression | undefined {
    const name = this.#namespaceName(node.object);
    if (name === undefined || node.computed || node.property.type !== 'Identifier') return undefined;
    const { functions, constants } = NAMESPACES[name]!;
    const constant = node.property.name;
    if (!constants.includes(constant)) {
      return this.#refuse(
        node.property,
        `\`${name}.${constant}\` is not part of the expression language.`,
        nearest(constant, [...constants, ...Object.keys(functions)]),
      );
    }
    return {
      op: 'member',
      object: { op: 'name', name },
      key: { op: 'literal', value: constant },
      optional: node.optional === true,
    };
  }

  #namespaceName(object: AnyNode): string | undefined {
    const node = bare(object);
    if (node.type !== 'Identifier' || this.#parameters.includes(node.name)) return undefined;
    return namespace(node.name) && node.name;
  }

  #readUnary(node: acorn.UnaryExpression): Expression {
    if (!UNARY.has(node.operator))
      return this.#refuse(node, REFUSED_OPERATORS[node.operator] ?? node.operator);
    return { op: 'unary', operator: node.operator as UnaryOperator, operand: this.read(node.argument) };
  }

  #readBinary(node: acorn.BinaryExpression): Expression {
    if (node.operator === 'instanceof') return this.#readInstanceof(node);
    return {
      op: 'binary',
      operator: node.operator as BinaryOperator,
      left: this.read(node.left),
      right: this.read(node.right),
    };
  }

  #readInstanceof({ left, right }: acorn.BinaryExpression): Expression {
    if (right.type !== 'Identifier') {
      return this.#refuse(right, 'On the right of `instanceof` stands the bare name of a class.');
    }
    return { op: 'instanceof', object: this.read(left), className: right.name };
  }

  #readTemplateParts({ quasis, expressions }: acorn.TemplateLiteral): (string | Expression)[] {
    const parts: (string | Expression)[] = [];
    quasis.forEach((quasi, index) => {
      if (quasi.value.cooked) parts.push(quasi.value.cooked);
      const expression = expressions[index];
      if (expression) parts.push(this.read(expression));
    });
    return parts;
  }

  #readElement(array: acorn.ArrayExpression, element: Argument | null): Expression {
    return element === null
      ? this.#refuse(array, 'An array without holes, please: write `undefined`.')
      : this.read(element);
  }

  #readEntry(property: acorn.Property | acorn.SpreadElement): readonly [string, Expression] {
    if (property.type === 'SpreadElement') return this.#refuse(property, REFUSALS['SpreadElement']!);
    const { key, value } = property;
    if (property.kind !== 'init' || property.method)
      return this.#refuse(property, REFUSALS['FunctionExpression']!);
    if (property.computed) return this.#refuse(key, 'The keys of an object are written out.');
    const name = key.type === 'Identifier' ? key.name : String((key as acorn.Literal).value);
    if (name === '__proto__') return this.#refuse(key, '`__proto__` is not a property.');
    return [name, this.read(value)];
  }

  #readCall(node: acorn.CallExpression): Expression {
    const callee = bare(node.callee);
    if (node.optional)
      return this.#refuse(node, 'Write `object?.method(…)`: only the object may be missing.');
    if (callee.type === 'Identifier') return this.#refuseFunction(callee);
    if (callee.type !== 'MemberExpression') {
      return this.#refuse(callee, REFUSALS[callee.type] ?? `This call ${WOULD_RUN}`);
    }
    if (callee.computed || callee.property.type !== 'Identifier') {
      return this.#refuse(callee.property, 'The method of a call is written out: `text.includes(…)`.');
    }
    return this.#readMethodCall(node, callee, callee.property);
  }

  #readMethodCall(
    node: acorn.CallExpression,
    callee: acorn.MemberExpression,
    property: acorn.Identifier,
  ): Expression {
    const method = property.name;
    const owner = this.#namespaceName(callee.object);
    const rule = owner === undefined ? methodRule(method) : functionRule(owner, method);
    if (rule === undefined) return this.#refuseMethod(property, owner);
    const object: Expression =
      owner === undefined ? this.#readObject(callee.object, rule) : { op: 'name', name: owner };
    this.#checkCount(node, method, rule);
    const args = node.arguments.map((argument, index) => this.#readArgument(argument, rule, index));
    const [first] = args;
    if (method === 'replaceAll' && first?.op === 'regexp' && !first.flags.includes('g'))
      return this.#refuse(node.arguments[0]!, GLOBAL_WANTED);
    if (method === 'get' && first?.op === 'literal') {
      this.keys.push({ name: String(first.value), offset: node.arguments[0]!.start });
    }
    return { op: 'call', object, method, args, optional: callee.optional === true };
  }

  #checkCount(node: acorn.CallExpression, method: string, { arguments: [least, most] }: MethodRule): void {
    const count = node.arguments.length;
    if (count >= least && count <= most) return;
    const wanted = least === most ? `${least}` : `${least} to ${most}`;
    this.#refuse(
      node,
      `\`${method}\` takes ${wanted} argument${wanted === '1' ? '' : 's'} here, not ${count}.`,
    );
  }

  #readObject(object: AnyNode, rule: MethodRule): Expression {
    if (rule.pattern !== 'object') return this.read(object);
    return this.#readPattern(object) ?? this.#refuse(object, PATTERN_OF_THE_PROGRAM);
  }

  #readArgument(argument: Argument, rule: MethodRule, index: number): Expression | Predicate {
    if (index === 0 && (rule.pattern === 'argument' || rule.pattern === 'optional')) {
      const pattern = this.#readPattern(argument);
      if (pattern) return pattern;
      if (rule.pattern === 'argument') return this.#refuse(argument, PATTERN_WANTED);
    }
    if (!rule.predicate) return this.read(argument);
    const arrow = bare(argument);
    if (arrow.type === 'ArrowFunctionExpression') return this.#readPredicate(arrow);
    return this.#refuse(argument, 'This method takes a predicate: `item => item.price > 100`.');
  }

  /** @returns `undefined` for what is no regular expression that is written out */
  #readPattern(argument: AnyNode): Expression | undefined {
    const node = bare(argument);
    if (node.type !== 'Literal' || !node.regex) return undefined;
    this.#enter(node);
    this.#depth--;
    const { pattern, flags } = node.regex;
    try {
      compilePattern(pattern, flags);
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      return this.#refuse({ ...node, start: node.start + 1 + error.offset }, error.message);
    }
    return { op: 'regexp', pattern, flags };
  }

  #readPredicate(node: acorn.ArrowFunctionExpression): Predicate {
    this.#enter(node);
    if (node.async) return this.#refuse(node, 'A predicate is over at once; it cannot be async.');
    if (node.body.type === 'BlockStatement')
      return this.#refuse(node.body, 'A predicate is one expression, without braces.');
    if (node.params.length > 2) return this.#refuse(node.params[2]!, REFUSALS['RestElement']!);
    const parameters = node.params.map((parameter) =>
      parameter.type === 'Identifier' ? parameter.name : this.#refuse(parameter, REFUSALS['RestElement']!),
    );
    this.#parameters.push(...parameters);
    const body = this.read(node.body);
    this.#parameters.length -= parameters.length;
    this.#depth--;
    return { op: 'arrow', parameters, body };
  }

  #enter(node: AnyNode): void {
    this.#nodes++;
    this.#depth++;
    if (this.#nodes > LIMITS.expressionNodes) {
      this.#fail(
        'LIMIT_EXCEEDED',
        node,
        `An expression has at most ${LIMITS.expressionNodes} parts; this one has more.`,
      );
    }
    if (this.#depth > LIMITS.expressionDepth) {
      this.#fail(
        'LIMIT_EXCEEDED',
        node,
        `An expression nests at most ${LIMITS.expressionDepth} levels deep.`,
      );
    }
  }

  #refuseFunction({ name, ...node }: acorn.Identifier): never {
    const instead = Object.hasOwn(GLOBAL_FUNCTIONS, name) ? GLOBAL_FUNCTIONS[name] : undefined;
    return this.#refuse(
      node as AnyNode,
      instead
        ? `\`${name}()\` is not part of the expression language: ${instead}.`
        : `\`${name}()\` ${WOULD_RUN}`,
    );
  }

  #refuseMethod(property: acorn.Identifier, owner: string | undefined): never {
    const { name } = property;
    if (owner === undefined && Object.hasOwn(REFUSED_METHODS, name))
      return this.#refuse(property, REFUSED_METHODS[name]!);
    const known = owner === undefined ? METHODS : NAMESPACES[owner]!.functions;
    return this.#refuse(
      property,
      owner === undefined
        ? `\`.${name}()\` ${WOULD_RUN}, except for reading methods of strings, arrays, Maps, Sets, numbers and dates.`
        : `\`${owner}.${name}()\` is not part of the expression language.`,
      nearest(name, Object.keys(known)),
    );
  }

  #refuse(node: AnyNode, message: string, suggestions: readonly string[] = []): never {
    return this.#fail('UNSUPPORTED_SYNTAX', node, message, suggestions);
  }

  #fail(
    code: ExpressionErrorCode,
    node: AnyNode,
    message: string,
    suggestions: readonly string[] = [],
  ): never {
    const hint =
      suggestions.length === 0
        ? ''
        : ` Did you mean ${suggestions.map((name) => `\`${name}\``).join(' or ')}?`;
    throw new ExpressionError(code, message + hint, this.#text, node.start, suggestions);
  }
}

const WOULD_RUN = "would run the program's code; an expression only reads";

/** JSON has neither, so they travel as divisions. */
const number = (value: number): Expression => ({ op: 'literal', value });
const NOT_A_NUMBER: Expression = { op: 'binary', operator: '/', left: number(0), right: number(0) };
const INFINITE: Expression = { op: 'binary', operator: '/', left: number(1), right: number(0) };
