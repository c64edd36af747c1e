import { createRequire } from 'node:module';
import type { ts as Api } from 'ts-morph';

/**
 * The only door to the TypeScript API. ts-morph carries the classic JavaScript compiler with it, so
 * parsing does not depend on which TypeScript, if any, the woven project uses.
 *
 * It is there once {@link loadTypeScript} has been called: a file that the cache knows is not parsed, and to load
 * the compiler takes longer than everything else that is done for it.
 */
export let ts: typeof Api;

export function loadTypeScript(): void {
  ts ??= requireAsTsMorph('@ts-morph/common/dist/typescript.js') as typeof Api;
}

/** Names the compiler, loaded or not. */
export function typeScriptVersion(): string {
  const { version } = requireAsTsMorph('@ts-morph/common/package.json') as { version: string };
  return version;
}

/** The main files of ts-morph and its parts would load four megabytes more, of which a parser needs nothing. */
function requireAsTsMorph(path: string): unknown {
  const require = createRequire(import.meta.url);
  return createRequire(require.resolve('ts-morph'))(path);
}

/** The types of it that are used here. */
export declare namespace ts {
  type AwaitExpression = Api.AwaitExpression;
  type BinaryExpression = Api.BinaryExpression;
  type BindingElement = Api.BindingElement;
  type BindingName = Api.BindingName;
  type Block = Api.Block;
  type BreakOrContinueStatement = Api.BreakOrContinueStatement;
  type CallExpression = Api.CallExpression;
  type CatchClause = Api.CatchClause;
  type ClassElement = Api.ClassElement;
  type ClassLikeDeclaration = Api.ClassLikeDeclaration;
  type CompilerOptions = Api.CompilerOptions;
  type CreateSourceFileOptions = Api.CreateSourceFileOptions;
  type Diagnostic = Api.Diagnostic;
  type EnumDeclaration = Api.EnumDeclaration;
  type EnumMember = Api.EnumMember;
  type ExportSpecifier = Api.ExportSpecifier;
  type Expression = Api.Expression;
  type ExpressionStatement = Api.ExpressionStatement;
  type ForOfStatement = Api.ForOfStatement;
  type ForStatement = Api.ForStatement;
  type FunctionExpression = Api.FunctionExpression;
  type FunctionLikeDeclaration = Api.FunctionLikeDeclaration;
  type Identifier = Api.Identifier;
  type LabeledStatement = Api.LabeledStatement;
  type MetaProperty = Api.MetaProperty;
  type ModifierLike = Api.ModifierLike;
  type ModuleDeclaration = Api.ModuleDeclaration;
  type NewExpression = Api.NewExpression;
  type Node = Api.Node;
  type NodeArray<T extends Api.Node> = Api.NodeArray<T>;
  type ParameterDeclaration = Api.ParameterDeclaration;
  type ParseConfigFileHost = Api.ParseConfigFileHost;
  type ParsedCommandLine = Api.ParsedCommandLine;
  type PrivateIdentifier = Api.PrivateIdentifier;
  type PropertyAccessExpression = Api.PropertyAccessExpression;
  type PropertyAssignment = Api.PropertyAssignment;
  type PropertyDeclaration = Api.PropertyDeclaration;
  type PropertySignature = Api.PropertySignature;
  type ReturnStatement = Api.ReturnStatement;
  type ShorthandPropertyAssignment = Api.ShorthandPropertyAssignment;
  type SourceFile = Api.SourceFile;
  type Statement = Api.Statement;
  type StringLiteral = Api.StringLiteral;
  type SyntaxKind = Api.SyntaxKind;
  type TaggedTemplateExpression = Api.TaggedTemplateExpression;
  type ThrowStatement = Api.ThrowStatement;
  type VariableDeclaration = Api.VariableDeclaration;
  type VariableDeclarationList = Api.VariableDeclarationList;
  type YieldExpression = Api.YieldExpression;
}
