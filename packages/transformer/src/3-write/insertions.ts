import { ts } from '../1-parse/typescript.js';
import { directivesOf } from '../1-parse/directives.js';
import type { Literal } from '../1-parse/literals.js';
import type { Parsed } from '../1-parse/parse.js';
import type { Analysis } from '../2-plan/function-facts.js';
import type { FilePlan, FunctionPlan } from '../2-plan/plan.js';
import { inlineInsertions } from './hooks.js';
import { type Insertion, inTextOrder } from './insertion.js';
import { namesFor } from './names.js';
import { definition, definitionImport, switchField, switchImport } from './switches.js';
import { type TwinSource, twinInsertion } from './twin.js';

/**
 * Where a file's switches are defined: by the file itself; for an ES module, by one that it imports; or by a host that
 * has run their definition before.
 */
export type SwitchSource = 'own' | 'imported' | 'given';

/** Everything that weaving adds to a file, in text order. */
export function fileInsertions(
  plan: FilePlan,
  id: string,
  parsed: Parsed,
  literals: readonly Literal[],
  analysis: Analysis,
  switches: SwitchSource = 'own',
): readonly Insertion[] {
  const { code, file } = parsed;
  const names = namesFor(analysis, id);
  const fieldOf = ({ index }: FunctionPlan): string => switchField(id, index);
  const source: TwinSource = { code, file, literals, names, fieldOf };
  return inTextOrder([
    ...(switches === 'given' ? [] : [prologue(plan, id, parsed, switches)]),
    ...plan.functions.flatMap((woven) =>
      woven.form === 'twin'
        ? [twinInsertion(woven, functionsIn(woven, plan), source)]
        : inlineInsertions(woven, file, fieldOf(woven), names),
    ),
  ]);
}

/** In text order those inside a function follow it: first those in a computed name, which belong to what is around it. */
function functionsIn({ index, node, body }: FunctionPlan, { functions }: FilePlan): readonly FunctionPlan[] {
  let end = index + 1;
  while ((functions[end]?.node.pos ?? Infinity) < node.end) end++;
  return functions.slice(index + 1, end).filter((inside) => inside.node.pos >= body.pos);
}

/** After hashbang and directives, before everything else that runs. */
function prologue(
  plan: FilePlan,
  id: string,
  { code, file, goal }: Parsed,
  switches: SwitchSource,
): Insertion {
  const directive = directivesOf(file.statements).at(-1);
  const define = goal === 'module' ? moduleDefinition(file, switches) : definition;
  const end = directive !== undefined && code[directive.end - 1] !== ';' ? ';' : '';
  const at = directive?.end ?? file.statements[0]?.getStart(file) ?? code.length;
  const text = end + define(id, plan.functions.length);
  return { at, side: 'before', from: at, pieces: [{ text, origin: undefined }] };
}

/** Bundlers move modules between chunks, and then even one that imports nothing can be in a cycle. */
function moduleDefinition(file: ts.SourceFile, switches: SwitchSource): typeof definition {
  if (switches !== 'imported') return canRunBeforeBody(file) ? definitionImport : definition;
  return file.statements.some(ts.isFunctionDeclaration) ? switchImport : definition;
}

/** A module that imports can be in a cycle, in which its hoisted functions are called before its body has run. */
function canRunBeforeBody(file: ts.SourceFile): boolean {
  return file.statements.some(isImport) && file.statements.some(ts.isFunctionDeclaration);
}

function isImport(statement: ts.Statement): boolean {
  if (ts.isImportDeclaration(statement)) {
    return statement.importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword;
  }
  return (
    ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined && !statement.isTypeOnly
  );
}
