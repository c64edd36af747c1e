import { ENTRY_LOCAL, HOOKS_PARAMETER } from '@dormouse/protocol';
import { ts } from '../1-parse/typescript.js';
import { directivesOf } from '../1-parse/directives.js';
import type { Literal } from '../1-parse/literals.js';
import type { Parsed } from '../1-parse/parse.js';
import type { Analysis } from '../2-plan/function-facts.js';
import type { FilePlan } from '../2-plan/plan.js';
import { freeName, usedNames } from './free-name.js';
import { hookInsertions } from './hooks.js';
import { type Insertion, inTextOrder } from './insertion.js';
import { definition, definitionImport, switchField, switchImport } from './switches.js';
import { twinInsertion } from './twin.js';

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
  const used = usedNames(analysis);
  const hooks = freeName(HOOKS_PARAMETER, used);
  const entry = freeName(ENTRY_LOCAL, used);
  const source = { code, file, literals, hooks, entry };
  return inTextOrder([
    ...(switches === 'given' ? [] : [prologue(plan, id, parsed, switches)]),
    ...plan.functions.flatMap((woven) => {
      const field = switchField(id, woven.index);
      return woven.form === 'twin'
        ? [twinInsertion(woven, field, source)]
        : hookInsertions(woven, file, `${field}?`);
    }),
  ]);
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
  return {
    at: directive?.end ?? file.statements[0]?.getStart(file) ?? code.length,
    side: 'before',
    pieces: [{ text: end + define(id, plan.functions.length), origin: undefined }],
  };
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
