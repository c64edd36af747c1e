import type { ManifestFile, ManifestFunction, ManifestPoint } from '@dormouse/protocol';
import { ts } from './1-parse/typescript.js';
import type { FilePlan, FunctionPlan, PointPlan, Variable } from './2-plan/plan.js';
import { lineTexts } from './origin/line-texts.js';
import type { Origin, Place } from './origin/origin.js';
import type { Secrets } from './origin/secrets.js';

/** Writes a plan down for the collector: original positions, original names. */
export function manifestFile(
  plan: FilePlan,
  file: ts.SourceFile,
  origin: Origin,
  id: string,
  output: string,
  secrets: Secrets['names'],
): ManifestFile {
  const names = new Names();
  const describe = (node: ts.Node): Span => spanOf(node, file, origin);
  const textOf = lineTexts(origin.texts);
  return {
    id,
    output,
    sources: origin.sources,
    functions: plan.functions.map((woven) => manifestFunction(woven, origin, names, describe, textOf)),
    ...(secrets.variable.length > 0 && { secrets: names.ofAll(secrets.variable) }),
    ...(secrets.property.length > 0 && { secretProperties: names.ofAll(secrets.property) }),
    names: names.all,
  };
}

/** Each name once, referred to by its index. */
class Names {
  readonly all: string[] = [];
  readonly #indices = new Map<string, number>();

  index(name: string): number {
    let index = this.#indices.get(name);
    if (index === undefined) {
      index = this.all.push(name) - 1;
      this.#indices.set(name, index);
    }
    return index;
  }

  indices(variables: readonly Variable[]): readonly number[] {
    return this.ofAll(variables.map(({ original }) => original));
  }

  ofAll(names: readonly string[]): readonly number[] {
    return names.map((name) => this.index(name));
  }
}

interface Span extends Place {
  readonly endLine: number;
}

function manifestFunction(
  plan: FunctionPlan,
  origin: Origin,
  names: Names,
  describe: (node: ts.Node) => Span,
  textOf: ReturnType<typeof lineTexts>,
): ManifestFunction {
  const { source, line, column, endLine } = describe(plan.node);
  return {
    index: plan.index,
    name: plan.name,
    kind: plan.kind,
    form: plan.form,
    async: plan.async,
    generator: plan.generator,
    exits: plan.exits,
    source,
    line,
    column,
    endLine,
    parameters: plan.parameters.map(({ name, declaredAt }) =>
      names.index(origin.originalName(name, declaredAt) ?? name),
    ),
    points: plan.points.map((point) => manifestPoint(point, names, describe(point.node), textOf)),
  };
}

function manifestPoint(
  point: PointPlan,
  names: Names,
  { source, line, column, endLine }: Span,
  textOf: ReturnType<typeof lineTexts>,
): ManifestPoint {
  const text = textOf(source, line);
  return {
    index: point.index,
    line,
    column,
    endLine,
    ...(text !== undefined && { text }),
    locals: names.indices(point.locals),
    ...(point.outers.length > 0 && { outers: names.indices(point.outers) }),
    self: point.self,
    ...(point.branch && { branch: point.branch }),
  };
}

/** Of the last statement of a file: comments and line breaks after it belong to nobody. */
function lastOffset(node: ts.Node): number {
  return ((ts.isSourceFile(node) ? node.statements.at(-1)?.end : undefined) ?? node.end) - 1;
}

const NOWHERE: Place = { source: 0, line: 1, column: 1 };

function spanOf(node: ts.Node, file: ts.SourceFile, origin: Origin): Span {
  const start = origin.placeOf(node.getStart(file)) ?? NOWHERE;
  const end = origin.placeOf(lastOffset(node));
  const endLine = end?.source === start.source ? Math.max(end.line, start.line) : start.line;
  return { source: start.source, line: start.line, column: start.column, endLine };
}
