import type { Exits, FunctionKind, WovenForm } from '@dormouse/protocol';
import { ts } from '../1-parse/typescript.js';
import { directivesOf } from '../1-parse/directives.js';
import { isWait } from './waits.js';
import { type Branch, branchAround } from './branch.js';
import { type CallsPlan, type End, containsEnd, exitsOf, isEnd, planCalls } from './calls.js';
import { bodyOf, formOf } from './form.js';
import { type Analysis, type FunctionFacts, thisProvider } from './function-facts.js';
import { functionName } from './function-name.js';
import { LoopClosures } from './loop-closures.js';
import { type Place, placeOf } from './point.js';
import type { Binding, Scope } from './scope.js';
import type { Untouched } from './untouched.js';
import { firstFrom } from './first-from.js';
import { localsAt, outersAt, scopeAround } from './variables.js';

/** What will be woven, decided before any text is written: the manifest and the insertions both follow it. */
export interface FilePlan {
  /** In index order. */
  readonly functions: readonly FunctionPlan[];
  readonly left: readonly LeftFunction[];
}

export interface FunctionPlan {
  readonly index: number;
  readonly node: ts.Node;
  readonly body: ts.Node;
  readonly name: string;
  readonly kind: FunctionKind;
  readonly form: WovenForm;
  readonly async: boolean;
  readonly generator: boolean;
  readonly parameters: readonly Binding[];
  /** The name of a function expression, where a twin needs it. */
  readonly ownName: string | undefined;
  /** Whether `this` goes to the runtime when a call begins. */
  readonly self: boolean;
  /** How one body tells of its calls: the only one, or the copy in another function's twin. Undefined: it does not. */
  readonly calls: CallsPlan | undefined;
  /** What can be seen of its calls, told by the twin's runtime or by `calls`. */
  readonly exits: Exits;
  readonly points: readonly PointPlan[];
  /** Where the only body of an async function may be suspended, in text order. */
  readonly waits: readonly ts.Node[];
}

export interface PointPlan {
  readonly index: number;
  readonly node: ts.Node;
  readonly place: Place;
  readonly self: boolean;
  readonly locals: readonly Variable[];
  readonly outers: readonly Variable[];
  readonly branch: Branch | undefined;
}

/** A binding under the name that the original source gives it. */
export interface Variable {
  readonly binding: Binding;
  readonly original: string;
}

/** A function that a comment or its use excludes. */
export interface LeftFunction {
  readonly offset: number;
  readonly reason: string;
}

/** What the plan must know about the text that the woven text was made from. */
export interface Provenance {
  /** Whether the text at `offset` comes from an original source at all. */
  isOriginal(offset: number): boolean;
  /** The original name of the identifier at `offset`; undefined for a name that the compiler made up. */
  originalName(name: string, offset: number): string | undefined;
}

/**
 * Decides every function and point of a file, in text order.
 * @param isSecret variables whose values are given to no hook
 */
export function planFile(
  file: ts.SourceFile,
  analysis: Analysis,
  untouched: readonly Untouched[],
  provenance: Provenance,
  isSecret: (binding: Binding) => boolean,
): FilePlan {
  const planner = new Planner(file, analysis, untouched, provenance, isSecret);
  return { functions: planner.functions(), left: planner.left };
}

class Planner {
  readonly #opened: OpenFunction[] = [];
  readonly #loopClosures = new LoopClosures();
  readonly left: LeftFunction[] = [];
  readonly #file: ts.SourceFile;
  readonly #analysis: Analysis;
  readonly #untouched: readonly Untouched[];
  readonly #provenance: Provenance;
  readonly #isSecret: (binding: Binding) => boolean;

  constructor(
    file: ts.SourceFile,
    analysis: Analysis,
    untouched: readonly Untouched[],
    provenance: Provenance,
    isSecret: (binding: Binding) => boolean,
  ) {
    this.#file = file;
    this.#analysis = analysis;
    this.#untouched = untouched;
    this.#provenance = provenance;
    this.#isSecret = isSecret;
    this.#visit(file, undefined);
  }

  /** Functions without anything to stop at stay as they are. */
  functions(): readonly FunctionPlan[] {
    return this.#opened
      .filter(({ points }) => points.length > 0)
      .map((open, index) => this.#functionPlan(open, index));
  }

  #functionPlan(
    { facts, kind, body, form, points, ends, waits, hidesEnds }: OpenFunction,
    index: number,
  ): FunctionPlan {
    const calls = hidesEnds ? undefined : planCalls(facts, body, ends);
    return {
      index,
      node: facts.node,
      body,
      name: functionName(facts.node, (name) => this.#spell(name)),
      kind,
      form,
      async: facts.async,
      generator: facts.generator,
      parameters: facts.parameters.filter((parameter) => !this.#isSecret(parameter)),
      ownName: facts.features.has('own name') ? (facts.node as ts.FunctionExpression).name?.text : undefined,
      self: hasSelf(facts),
      calls,
      exits: form === 'twin' ? 'all' : exitsOf(calls, facts),
      points,
      waits: calls ? waits : [],
    };
  }

  /** `around` collects points for the function around `node`; undefined where that is not woven. */
  #visit(node: ts.Node, around: OpenFunction | undefined): void {
    if (this.#isUntouched(node)) {
      if (around && containsEnd(node)) around.hidesEnds = true;
      return;
    }
    const place = around && placeOf(node);
    if (place !== undefined) this.#addPoint(node, place, around as OpenFunction);
    if (isEnd(node)) around?.ends.push(node);
    if (around && isWait(node, around.facts)) around.waits.push(node);
    const inside = this.#enter(node, around);
    ts.forEachChild(node, (child) => this.#visit(child, isOutside(child) ? around : inside));
  }

  #isUntouched(node: ts.Node): boolean {
    if (this.#untouched.length === 0 || ts.isSourceFile(node)) return false;
    const start = node.getStart(this.#file);
    const next = firstFrom(this.#untouched.length, (index) => (this.#untouched[index]?.start ?? 0) > start);
    const range = this.#untouched[next - 1];
    if (range === undefined || node.end > range.end) return false;
    if (range.reported) this.left.push({ offset: start, reason: range.reason });
    return true;
  }

  /** What must stay as it is cannot be copied either: of a function's text, its comments and lines may be what is read. */
  #holdsUntouched(body: ts.Node): boolean {
    const next = firstFrom(this.#untouched.length, (index) => (this.#untouched[index]?.end ?? 0) > body.pos);
    return (this.#untouched[next]?.start ?? Infinity) < body.end;
  }

  /** A second body is handed all parameters, and by a hook: so a secret one keeps its function from having two. */
  #needsOneBody(facts: FunctionFacts, body: ts.Node): boolean {
    return this.#holdsUntouched(body) || facts.parameters.some(this.#isSecret);
  }

  #enter(node: ts.Node, around: OpenFunction | undefined): OpenFunction | undefined {
    const facts = this.#analysis.functions.get(node);
    if (facts === undefined) return around;
    const { kind } = facts;
    const body = bodyOf(node);
    if (kind === 'namespace' || body === undefined) return undefined;
    if (kind !== 'module' && !this.#provenance.isOriginal(node.getStart(this.#file))) return undefined;
    return this.#open(facts, kind, body);
  }

  #open(facts: FunctionFacts, kind: FunctionKind, body: ts.Node): OpenFunction {
    const open: OpenFunction = {
      facts,
      kind,
      body,
      form: this.#needsOneBody(facts, body) ? 'inline' : formOf(facts),
      points: [],
      indices: new Map(),
      ends: [],
      waits: [],
      hidesEnds: false,
      superCall: facts.derivedConstructor ? superCallIn(body as ts.Block) : undefined,
      directivesEnd: directivesEnd(body),
    };
    this.#opened.push(open);
    return open;
  }

  #addPoint(node: ts.Node, place: Place, open: OpenFunction): void {
    const start = node.getStart(this.#file);
    if (start < open.directivesEnd || !this.#provenance.isOriginal(start)) return;
    const scope: Scope = scopeAround(node, this.#analysis);
    const index = open.points.length;
    open.indices.set(node, index);
    open.points.push({
      index,
      node,
      place,
      self: hasSelfAt(start, open),
      locals: this.#named(localsAt(open.facts, scope, start)),
      outers: this.#canHaveThunk(node, open) ? this.#named(outersAt(open.facts, scope, start)) : [],
      branch: branchAround(node, open.body, (statement) => open.indices.get(statement)),
    });
  }

  #canHaveThunk(node: ts.Node, { facts, form }: OpenFunction): boolean {
    if (form === 'twin' || facts.async || facts.generator) return true;
    return !this.#loopClosures.wouldBeFirst(node);
  }

  /** Leaves out secrets, what the compiler made up, and of two variables with one original name the farther one. */
  #named(bindings: readonly Binding[]): readonly Variable[] {
    const variables = new Map<string, Variable>();
    for (const binding of bindings) {
      if (this.#isSecret(binding)) continue;
      const original = this.#provenance.originalName(binding.name, binding.declaredAt);
      if (original !== undefined) variables.set(original, { binding, original });
    }
    return [...variables.values()];
  }

  #spell(name: ts.Identifier): string {
    return this.#provenance.originalName(name.text, name.getStart(this.#file)) ?? name.text;
  }
}

/** A function whose points are being collected. */
interface OpenFunction {
  readonly facts: FunctionFacts;
  readonly kind: FunctionKind;
  readonly body: ts.Node;
  readonly form: WovenForm;
  readonly points: PointPlan[];
  /** The points' indices by their nodes. */
  readonly indices: Map<ts.Node, number>;
  readonly ends: End[];
  readonly waits: ts.Node[];
  /** Whether some of its ends are in text that stays as it is. */
  hidesEnds: boolean;
  /** Derived constructors: the statement after which `this` exists. */
  readonly superCall: ts.Statement | undefined;
  readonly directivesEnd: number;
}

/** `[child]() {}`, `@child m() {}`: evaluated by the function around the one that it is a part of. */
function isOutside(child: ts.Node): boolean {
  return ts.isComputedPropertyName(child) || ts.isDecorator(child);
}

function directivesEnd(body: ts.Node): number {
  const statements = ts.isSourceFile(body) || ts.isBlock(body) ? body.statements : [];
  return directivesOf(statements).at(-1)?.end ?? 0;
}

function superCallIn(body: ts.Block): ts.Statement | undefined {
  return body.statements.find(
    (statement) =>
      ts.isExpressionStatement(statement) &&
      ts.isCallExpression(statement.expression) &&
      statement.expression.expression.kind === ts.SyntaxKind.SuperKeyword,
  );
}

/**
 * Whether the function has a `this` that a hook may read: functions always do; arrow functions only
 * if they read it anyway, and not where it may not exist yet.
 */
function hasSelf(facts: FunctionFacts): boolean {
  if (facts.kind === 'module') return false;
  if (facts.kind !== 'arrow') return !facts.derivedConstructor;
  return facts.usesThis && !thisProvider(facts).derivedConstructor;
}

function hasSelfAt(offset: number, { facts, superCall }: OpenFunction): boolean {
  if (!facts.derivedConstructor) return hasSelf(facts);
  return superCall !== undefined && superCall.end <= offset;
}
