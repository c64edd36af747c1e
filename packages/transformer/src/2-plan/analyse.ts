import type { FunctionKind } from '@dormouse/protocol';
import { ts } from '../1-parse/typescript.js';
import type { Analysis, Feature, FunctionFacts } from './function-facts.js';
import { isAssigned, isOnlyCalled, isReference } from './reference.js';
import { type Binding, type BindingKind, Scope } from './scope.js';

/** Finds the functions, scopes and variables of a file, and who uses what. */
export function analyse(file: ts.SourceFile): Analysis {
  return new Analyser(file).analysis;
}

interface Mention {
  readonly node: ts.Identifier;
  readonly scope: Scope;
}

/** `declare` binds one name; its arguments say from where to where the owner may read it. */
type Declare = (name: ts.Identifier) => void;

/**
 * One walk collects declarations and mentions; names are resolved after it, because JavaScript hoists.
 * `visit…` walks, `declare…` adds names to scopes, `note…` records a feature.
 */
class Analyser {
  readonly analysis: Analysis;
  readonly #file: ts.SourceFile;
  readonly #functions = new Map<ts.Node, FunctionFacts>();
  readonly #scopes = new Map<ts.Node, Scope>();
  readonly #references = new Map<ts.Identifier, Binding | undefined>();
  readonly #mentions: Mention[] = [];

  constructor(file: ts.SourceFile) {
    this.#file = file;
    const module = this.#addFunction(file, 'module', undefined);
    this.#visitChildren(file, this.#openScope(file, new Scope(module, undefined)));
    for (const mention of this.#mentions) this.#resolve(mention);
    this.analysis = {
      module,
      functions: this.#functions,
      scopes: this.#scopes,
      references: this.#references,
    };
  }

  #visitChildren(node: ts.Node, scope: Scope): void {
    ts.forEachChild(node, (child) => this.#visit(child, scope));
  }

  #visitAll(nodes: readonly (ts.Node | undefined)[] | undefined, scope: Scope): void {
    for (const node of nodes ?? []) if (node !== undefined) this.#visit(node, scope);
  }

  #visit(node: ts.Node, scope: Scope): void {
    if (isErased(node)) return;
    if (ts.isFunctionLike(node)) return this.#visitFunction(node as ts.FunctionLikeDeclaration, scope);
    switch (node.kind) {
      case ts.SyntaxKind.Identifier:
        return this.#visitIdentifier(node as ts.Identifier, scope);
      case ts.SyntaxKind.ThisKeyword:
        return noteThis(scope.owner);
      case ts.SyntaxKind.SuperKeyword:
        return noteFeature(scope.owner, 'super');
      case ts.SyntaxKind.MetaProperty:
        if ((node as ts.MetaProperty).keywordToken === ts.SyntaxKind.NewKeyword) {
          noteFeature(scope.owner, 'new.target');
        }
        return;
      case ts.SyntaxKind.TaggedTemplateExpression:
        noteFeature(scope.owner, 'tagged template');
        return this.#visitChildren(node, scope);
      case ts.SyntaxKind.WithStatement:
        noteFeature(scope.owner, 'with');
        return this.#visitChildren(node, scope);
      case ts.SyntaxKind.CallExpression:
        if (isDirectEval(node as ts.CallExpression)) noteEval(scope.owner);
        return this.#visitChildren(node, scope);
      case ts.SyntaxKind.JsxText:
      case ts.SyntaxKind.StringLiteral:
        if (isJsxWithLineBreak(node)) noteFeature(scope.owner, 'multi-line JSX text');
        return;
      case ts.SyntaxKind.ClassDeclaration:
      case ts.SyntaxKind.ClassExpression:
        return this.#visitClass(node as ts.ClassLikeDeclaration, scope);
      case ts.SyntaxKind.VariableDeclarationList:
        return this.#visitVariables(node as ts.VariableDeclarationList, scope);
      case ts.SyntaxKind.CatchClause:
        return this.#visitCatch(node as ts.CatchClause, scope);
      case ts.SyntaxKind.Block:
      case ts.SyntaxKind.CaseBlock:
      case ts.SyntaxKind.ForStatement:
      case ts.SyntaxKind.ForInStatement:
      case ts.SyntaxKind.ForOfStatement:
        return this.#visitChildren(node, this.#openScope(node, new Scope(scope.owner, scope)));
      case ts.SyntaxKind.ImportDeclaration:
      case ts.SyntaxKind.ImportEqualsDeclaration:
        return this.#visitImport(node, scope);
      case ts.SyntaxKind.EnumDeclaration:
        return this.#visitEnum(node as ts.EnumDeclaration, scope);
      case ts.SyntaxKind.ModuleDeclaration:
        return this.#visitNamespace(node as ts.ModuleDeclaration, scope);
      default:
        return this.#visitChildren(node, scope);
    }
  }

  #visitIdentifier(node: ts.Identifier, scope: Scope): void {
    if (!isReference(node)) return;
    if (node.text === 'arguments') noteFeature(scope.owner, 'arguments');
    this.#mentions.push({ node, scope });
  }

  #visitFunction(node: ts.FunctionLikeDeclaration, scope: Scope): void {
    const body = 'body' in node ? node.body : undefined;
    if (body === undefined) return;
    const outside = [node.name && ts.isComputedPropertyName(node.name) ? node.name : undefined];
    this.#visitAll([...modifiersOf(node), ...outside], scope);

    const facts = this.#addFunction(node, functionKind(node), scope.owner);
    if (ts.isFunctionDeclaration(node) && node.name) this.#declareFunction(node.name, node, scope);
    const inner = this.#openScope(node, new Scope(facts, this.#ownNameScope(node, scope, facts)));
    this.#scopes.set(body, inner);
    for (const parameter of node.parameters) {
      this.#declarePattern(parameter.name, (name) => this.#declareParameter(name, inner));
      this.#visitAll(modifiersOf(parameter), scope);
      this.#visitPattern(parameter.name, inner);
      this.#visitAll([parameter.initializer], inner);
    }
    if (ts.isBlock(body)) this.#visitChildren(body, inner);
    else this.#visit(body, inner);
  }

  #declareFunction(name: ts.Identifier, node: ts.FunctionLikeDeclaration, scope: Scope): void {
    this.#declare(name, 'function', scope, node);
    const around = scope.owner.node;
    if (scope === scope.top || !ts.isFunctionExpression(around)) return;
    if (around.name?.text === name.text) noteFeature(scope.owner, 'own name in a block');
  }

  /** `const f = function g() { … }`: `g` exists inside only. */
  #ownNameScope(node: ts.FunctionLikeDeclaration, scope: Scope, facts: FunctionFacts): Scope {
    if (!ts.isFunctionExpression(node) || node.name === undefined) return scope;
    const own = new Scope(scope.owner, scope);
    own.declare({ ...this.#bindingAt(node.name, 'own-name', own), owner: facts });
    return own;
  }

  #visitClass(node: ts.ClassLikeDeclaration, scope: Scope): void {
    noteFeature(scope.owner, 'inner class');
    if (ts.isClassDeclaration(node) && node.name) this.#declare(node.name, 'class', scope);
    const inner = this.#openScope(node, new Scope(scope.owner, scope));
    if (node.name) this.#declare(node.name, 'class', inner);
    this.#visitAll(modifiersOf(node), scope);
    this.#visitAll(node.heritageClauses, inner);
    for (const member of node.members) this.#visitMember(member, inner);
  }

  #visitMember(member: ts.ClassElement, scope: Scope): void {
    if (ts.isPropertyDeclaration(member)) {
      this.#visitAll(modifiersOf(member), scope);
      if (ts.isComputedPropertyName(member.name)) this.#visit(member.name, scope);
      if (member.initializer === undefined) return;
      const field = this.#addFunction(member, 'field', scope.owner);
      this.#visit(member.initializer, this.#openScope(member, new Scope(field, scope)));
    } else if (ts.isClassStaticBlockDeclaration(member)) {
      const block = this.#addFunction(member, 'static-block', scope.owner);
      const inner = this.#openScope(member, new Scope(block, scope));
      this.#scopes.set(member.body, inner);
      this.#visitChildren(member.body, inner);
    } else {
      this.#visit(member, scope);
    }
  }

  #visitVariables(list: ts.VariableDeclarationList, scope: Scope): void {
    for (const declaration of list.declarations) {
      this.#declarePattern(declaration.name, this.#declareVariable(declaration, list, scope));
      this.#visitPattern(declaration.name, scope);
      this.#visitAll([declaration.initializer], scope);
    }
  }

  #declareVariable(
    declaration: ts.VariableDeclaration,
    list: ts.VariableDeclarationList,
    scope: Scope,
  ): Declare {
    const value = functionValue(declaration.initializer);
    if ((list.flags & ts.NodeFlags.BlockScoped) === 0) {
      const { top } = scope;
      return (name) =>
        this.#add(top, { ...this.#bindingAt(name, 'var', top, value), readableFrom: name.end });
    }
    const kind = isNamespaceObject(declaration.initializer) ? 'import-namespace' : 'lexical';
    const clause = list.parent.parent;
    const readableTo = ts.isCaseOrDefaultClause(clause) ? clause.end : Infinity;
    const readableFrom = ts.isVariableStatement(list.parent) ? list.parent.end : loopBodyStart(list.parent);
    return (name) =>
      this.#add(scope, { ...this.#bindingAt(name, kind, scope, value), readableFrom, readableTo });
  }

  #visitCatch(node: ts.CatchClause, scope: Scope): void {
    const inner = this.#openScope(node, new Scope(scope.owner, scope));
    const name = node.variableDeclaration?.name;
    if (name !== undefined) {
      this.#declarePattern(name, (identifier) => this.#declare(identifier, 'catch', inner));
      this.#visitPattern(name, inner);
    }
    this.#visit(node.block, inner);
  }

  #visitImport(node: ts.Node, scope: Scope): void {
    const visit = (child: ts.Node): void => {
      const name = importedName(child);
      if (name) this.#declare(name, ts.isNamespaceImport(child) ? 'import-namespace' : 'import', scope);
      ts.forEachChild(child, visit);
    };
    visit(node);
  }

  #visitEnum(node: ts.EnumDeclaration, scope: Scope): void {
    noteFeature(scope.owner, 'inner namespace');
    this.#declare(node.name, 'typescript', scope);
    const facts = this.#addFunction(node, 'namespace', scope.owner);
    this.#visitAll(node.members, this.#openScope(node, new Scope(facts, scope)));
  }

  /** Names declared in a namespace become its properties wherever they are exported: none is ours to read. */
  #visitNamespace(node: ts.ModuleDeclaration, scope: Scope): void {
    noteFeature(scope.owner, 'inner namespace');
    if (ts.isIdentifier(node.name)) this.#declare(node.name, 'typescript', scope);
    const facts = this.#addFunction(node, 'namespace', scope.owner);
    if (node.body) this.#visitChildren(node.body, this.#openScope(node, new Scope(facts, scope)));
  }

  #declarePattern(name: ts.BindingName, declare: Declare): void {
    if (ts.isIdentifier(name)) return declare(name);
    for (const element of name.elements) {
      if (ts.isBindingElement(element)) this.#declarePattern(element.name, declare);
    }
  }

  /** The expressions in a pattern: defaults and computed keys. */
  #visitPattern(name: ts.BindingName, scope: Scope): void {
    if (ts.isIdentifier(name)) return;
    for (const element of name.elements) {
      if (!ts.isBindingElement(element)) continue;
      if (element.propertyName && ts.isComputedPropertyName(element.propertyName)) {
        this.#visit(element.propertyName, scope);
      }
      this.#visitPattern(element.name, scope);
      this.#visitAll([element.initializer], scope);
    }
  }

  #declareParameter(name: ts.Identifier, scope: Scope): void {
    if (name.text === 'this') return;
    if (name.text === 'arguments') noteFeature(scope.owner, 'arguments');
    if (scope.bindings.has(name.text)) return;
    const binding = this.#bindingAt(name, 'parameter', scope);
    scope.owner.parameters.push(binding);
    this.#add(scope, binding);
  }

  #declare(name: ts.Identifier, kind: BindingKind, scope: Scope, value?: ts.Node): void {
    this.#add(scope, this.#bindingAt(name, kind, scope, value));
  }

  #bindingAt(name: ts.Identifier, kind: BindingKind, scope: Scope, value?: ts.Node): Binding {
    return {
      name: name.text,
      kind,
      owner: scope.owner,
      declaredAt: name.getStart(this.#file),
      readableFrom: 0,
      readableTo: Infinity,
      value,
    };
  }

  #add(scope: Scope, binding: Binding): void {
    scope.declare(binding);
    const declared = scope.bindings.get(binding.name) as Binding;
    pushTo(scope.owner.mentions, declared, binding.declaredAt);
  }

  #openScope(node: ts.Node, scope: Scope): Scope {
    this.#scopes.set(node, scope);
    return scope;
  }

  #addFunction(node: ts.Node, kind: FunctionFacts['kind'], parent: FunctionFacts | undefined): FunctionFacts {
    const facts: FunctionFacts = {
      node,
      parent,
      inner: [],
      kind,
      derivedConstructor: kind === 'constructor' && isDerivedClass(node.parent),
      async: hasModifier(node, ts.SyntaxKind.AsyncKeyword),
      generator: 'asteriskToken' in node && node.asteriskToken !== undefined,
      features: new Set(),
      parameters: [],
      usesThis: false,
      mentions: new Map(),
      outers: new Map(),
    };
    this.#functions.set(node, facts);
    parent?.inner.push(facts);
    return facts;
  }

  #resolve({ node, scope }: Mention): void {
    const binding = scope.resolve(node.text);
    this.#references.set(node, binding);
    if (binding === undefined) return;
    const { owner } = scope;
    const isOwn = binding.owner === owner;
    if (binding.kind === 'own-name' && (isOwn || isAssigned(node))) noteOwnName(node, binding.owner);
    if (isOwn && !binding.kind.startsWith('import')) {
      pushTo(owner.mentions, binding, node.pos);
      return;
    }
    const use = owner.outers.get(binding) ?? { offsets: [], read: false };
    use.offsets.push(node.pos);
    use.read ||= !isOnlyCalled(node);
    owner.outers.set(binding, use);
  }
}

function pushTo<K>(map: Map<K, number[]>, key: K, offset: number): void {
  const offsets = map.get(key);
  if (offsets === undefined) map.set(key, [offset]);
  else offsets.push(offset);
}

/** `this`, `super` and their like pass through arrow functions to the function that has them. */
function noteThis(facts: FunctionFacts): void {
  facts.usesThis = true;
  if (facts.kind === 'arrow' && facts.parent !== undefined) noteThis(facts.parent);
}

/** In the parameter list it is nothing to a twin, which has none of the defaults. */
function noteOwnName(node: ts.Identifier, facts: FunctionFacts): void {
  if (node.pos < (facts.node as ts.FunctionExpression).body.pos) return;
  noteFeature(facts, isAssigned(node) ? 'own name assigned' : 'own name');
}

/** The text it runs sees the variables of all functions around it. */
function noteEval(facts: FunctionFacts): void {
  if (facts.features.has('direct eval')) return;
  noteFeature(facts, 'direct eval');
  if (facts.parent !== undefined) noteEval(facts.parent);
}

function noteFeature(facts: FunctionFacts, feature: Feature): void {
  facts.features.add(feature);
}

/** Types and ambient declarations: text that never runs. */
function isErased(node: ts.Node): boolean {
  if (ts.isTypeNode(node)) return !ts.isExpressionWithTypeArguments(node);
  if (ts.isHeritageClause(node)) return node.token === ts.SyntaxKind.ImplementsKeyword;
  return (
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isTypeParameterDeclaration(node) ||
    hasModifier(node, ts.SyntaxKind.DeclareKeyword)
  );
}

export function hasModifier(node: ts.Node, kind: ts.SyntaxKind): boolean {
  return ts.canHaveModifiers(node) && (node.modifiers?.some((modifier) => modifier.kind === kind) ?? false);
}

function modifiersOf(node: ts.Node): readonly ts.ModifierLike[] {
  return (node as { modifiers?: readonly ts.ModifierLike[] }).modifiers ?? [];
}

function functionKind(node: ts.FunctionLikeDeclaration): FunctionKind {
  switch (node.kind) {
    case ts.SyntaxKind.ArrowFunction:
      return 'arrow';
    case ts.SyntaxKind.MethodDeclaration:
      return 'method';
    case ts.SyntaxKind.GetAccessor:
      return 'getter';
    case ts.SyntaxKind.SetAccessor:
      return 'setter';
    case ts.SyntaxKind.Constructor:
      return 'constructor';
    default:
      return 'function';
  }
}

function isDerivedClass(node: ts.Node): boolean {
  return (
    ts.isClassLike(node) &&
    (node.heritageClauses?.some((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword) ?? false)
  );
}

function isDirectEval({ expression }: ts.CallExpression): boolean {
  return ts.isIdentifier(expression) && expression.text === 'eval';
}

function isJsxWithLineBreak(node: ts.Node): boolean {
  return (
    (ts.isJsxText(node) || ts.isJsxAttribute(node.parent)) && /[\n\r\u2028\u2029]/.test(node.getFullText())
  );
}

function functionValue(initializer: ts.Expression | undefined): ts.Node | undefined {
  return initializer && (ts.isFunctionExpression(initializer) || ts.isArrowFunction(initializer))
    ? initializer
    : undefined;
}

/** `const fs = __importStar(require('fs'))`: what compilers make of `import * as fs`. */
function isNamespaceObject(initializer: ts.Expression | undefined): boolean {
  if (initializer === undefined || !ts.isCallExpression(initializer)) return false;
  return /^(tslib_\d+\.)?(__importStar|__toESM)$/.test(initializer.expression.getText());
}

function loopBodyStart(node: ts.Node): number {
  return ts.isForStatement(node) || ts.isForInStatement(node) || ts.isForOfStatement(node)
    ? node.statement.pos
    : Infinity;
}

function importedName(node: ts.Node): ts.Identifier | undefined {
  const imports =
    ts.isImportClause(node) ||
    ts.isImportSpecifier(node) ||
    ts.isNamespaceImport(node) ||
    ts.isImportEqualsDeclaration(node);
  return imports ? node.name : undefined;
}
