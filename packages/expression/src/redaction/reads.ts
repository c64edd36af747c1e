import type { Expression, Predicate } from '@dormouse/protocol';
import type { Redaction } from './rules.js';

/**
 * The names by which an expression would tell what is redacted: those that are never shown, wherever it reads them,
 * and with an include list also those that are not on the list and whose values it looks at. To pass through
 * `order` on the way to `order.total` tells nothing of the order.
 */
export function redactedReads(tree: Expression, redaction: Redaction): ReadonlySet<string> {
  const reads = new Reads();
  reads.visit(tree, /* isPassage: */ false);
  const hidden = new Set<string>();
  for (const name of [...reads.values, ...reads.passages]) if (redaction.isRedacted(name)) hidden.add(name);
  if (!redaction.hasIncludeList) return hidden;
  for (const name of reads.values) if (!redaction.isShown(name) && !TELL_NOTHING.has(name)) hidden.add(name);
  return hidden;
}

/** A redacted name that an expression reads under some rules, which an armed probe may have met after it was armed. */
export function readsRedacted(
  { tree }: { readonly tree: Expression },
  redaction: Redaction,
): string | undefined {
  const [name] = redactedReads(tree, redaction);
  return name;
}

/** How many there are, and what is of the probe itself. */
const TELL_NOTHING: ReadonlySet<string> = new Set(['length', 'size', '$hits', '$duration']);

/** Methods whose predicate sees the elements, and that give elements. */
const GIVES_ELEMENTS: ReadonlySet<string> = new Set(['filter', 'find', 'findLast']);

class Reads {
  /** Names whose values count. */
  readonly values = new Set<string>();
  /** Names of objects on the way to another name. */
  readonly passages = new Set<string>();

  /** @param isPassage whether only a property of the value is looked at */
  visit(tree: Expression, isPassage: boolean): void {
    switch (tree.op) {
      case 'name':
        this.#note(tree.name, isPassage);
        return;
      case 'member':
        return this.#visitMember(tree, isPassage);
      case 'chain':
        return this.visit(tree.body, isPassage);
      case 'call':
        return this.#visitCall(tree, isPassage);
      case 'unary':
        return this.visit(tree.operand, false);
      case 'binary':
        return this.#visitAll([tree.left, tree.right]);
      case 'logical':
        // What stands on the left of `??` and its kin decides, and so is looked at.
        this.visit(tree.left, false);
        return this.visit(tree.right, isPassage);
      case 'conditional':
        this.visit(tree.test, false);
        this.visit(tree.then, isPassage);
        return this.visit(tree.otherwise, isPassage);
      case 'template':
        return this.#visitAll(tree.parts.filter((part) => typeof part !== 'string'));
      case 'array':
        return this.#visitAll(tree.items);
      case 'object':
        return this.#visitAll(tree.entries.map(([, value]) => value));
      case 'instanceof':
        return this.visit(tree.object, true);
      default:
    }
  }

  #visitAll(trees: readonly Expression[]): void {
    for (const tree of trees) this.visit(tree, false);
  }

  #note(name: string, isPassage: boolean): void {
    (isPassage ? this.passages : this.values).add(name);
  }

  #visitMember({ object, key }: Extract<Expression, { op: 'member' }>, isPassage: boolean): void {
    // An element is known by the name of its list.
    const isElement = key.op !== 'literal' || typeof key.value === 'number';
    if (key.op === 'literal') {
      if (!isElement) this.#note(String(key.value), isPassage);
    } else {
      this.visit(key, false);
    }
    this.visit(object, isElement ? isPassage : true);
  }

  #visitCall({ object, method, args }: Extract<Expression, { op: 'call' }>, isPassage: boolean): void {
    const [first] = args;
    if (first?.op === 'arrow') {
      const looksAtElements = this.#visitPredicate(first);
      const isLookedAt = looksAtElements || (GIVES_ELEMENTS.has(method) && !isPassage);
      return this.visit(object, !isLookedAt);
    }
    if (method === 'get' && first?.op === 'literal') {
      this.#note(String(first.value), false);
      return this.visit(object, true);
    }
    this.visit(object, false);
    this.#visitAll(args as readonly Expression[]);
  }

  /** @returns whether the predicate looks at the elements themselves */
  #visitPredicate({ parameters, body }: Predicate): boolean {
    const inside = new Reads();
    inside.visit(body, false);
    const [element = ''] = parameters;
    const looksAtElements = inside.values.has(element);
    for (const name of inside.values) if (!parameters.includes(name)) this.values.add(name);
    for (const name of inside.passages) if (!parameters.includes(name)) this.passages.add(name);
    return looksAtElements;
  }
}
