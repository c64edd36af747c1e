import { ts } from '../1-parse/typescript.js';
import { directivesOf } from '../1-parse/directives.js';
import { isAnonymousFunction } from '../2-plan/anonymous-function.js';
import type { CallsPlan, End } from '../2-plan/calls.js';
import type { FunctionPlan } from '../2-plan/plan.js';
import { type Insertion, after, before } from './insertion.js';
import type { Names } from './names.js';

/**
 * What an inline function tells of its calls, as text around its body:
 *
 *     async (a) => { let $f=S.f3?.e?.(void 0,a),$r=$f;try{ … return $r=total; … ;$r=void 0
 *       }catch($e){$f?.t($e);throw $e}finally{$f?.x($r)} }
 *     (a) => { let $f=S.f3?.e?.(void 0,a),$r; … return $r=total,$f?.x($r),$r; … ;$f?.x() }
 *
 * `$r` holds the frame itself until the function returns: what ends with that was thrown or closed. Generators that
 * are not async have no `catch`: what is thrown again loses the source line that an uncaught error is printed with.
 *
 * @param locals what is declared before the frame, each followed by a comma
 */
export function callInsertions(
  plan: FunctionPlan,
  body: ts.Block,
  file: ts.SourceFile,
  field: string,
  names: Names,
  locals = '',
): readonly Insertion[] {
  const { calls } = plan;
  if (calls === undefined) return [];
  const directive = directivesOf(body.statements).at(-1);
  const start = directive?.end ?? body.getStart(file) + 1;
  const end = directive !== undefined && file.text[start - 1] !== ';' ? ';' : '';
  return [
    before(start, end + beginning(plan, calls, field, names, locals)),
    ...calls.ends.flatMap((node) => aroundEnd(node, plan, calls, file, names)),
    before(
      body.end - 1,
      (calls.fallsOff ? `;${fallingOff(calls, names)}` : '') + closing(plan, calls, names),
    ),
  ];
}

/** The same for an arrow function's expression, which gets a block of its own. `hook` is the text of its line's hook. */
export function arrowInsertions(
  plan: FunctionPlan,
  calls: CallsPlan,
  file: ts.SourceFile,
  field: string,
  names: Names,
  hook: string,
): readonly Insertion[] {
  const start = plan.body.getStart(file);
  const [open, close] = aroundValue(plan.body, calls, names);
  return [
    before(start, `{${beginning(plan, calls, field, names)}${hook};return ${open}`),
    after(start, plan.body.end, `${close}${closing(plan, calls, names)}}`),
  ];
}

function beginning(
  { self, parameters }: FunctionPlan,
  { layout }: CallsPlan,
  field: string,
  names: Names,
  locals = '',
): string {
  const { frame, result } = names;
  const values = [self ? 'this' : 'void 0', ...parameters.map(({ name }) => name)];
  const wrapped = layout === 'wrapped';
  return `let ${locals}${frame}=${field}?.e?.(${values.join(',')}),${result}${wrapped ? `=${frame}` : ''};${wrapped ? 'try{' : ''}`;
}

function fallingOff({ layout }: CallsPlan, { frame, result }: Names): string {
  return layout === 'wrapped' ? `${result}=void 0` : `${frame}?.x()`;
}

function closing({ async }: FunctionPlan, { layout }: CallsPlan, { frame, result, error }: Names): string {
  if (layout === 'returns') return '';
  const caught = async ? `catch(${error}){${frame}?.t(${error});throw ${error}}` : '';
  return `}${caught}finally{${frame}?.x(${result})}`;
}

function aroundEnd(
  node: End,
  { async, generator }: FunctionPlan,
  calls: CallsPlan,
  file: ts.SourceFile,
  names: Names,
): readonly Insertion[] {
  const { expression } = node;
  if (expression === undefined) {
    // An async generator awaits what it returns, but not for a bare `return`: its consumers would hear of it later.
    if (async && generator) {
      const start = node.getStart(file);
      const alone = !isStatementOfList(node);
      return [
        before(start, `${alone ? '{' : ''}${fallingOff(calls, names)};`),
        ...(alone ? [after(start, node.end, '}')] : []),
      ];
    }
    const keywordEnd = node.getStart(file) + 'return'.length;
    return [after(keywordEnd, keywordEnd, nothing(calls, names))];
  }
  const [open, close] = ts.isThrowStatement(node)
    ? aroundError(expression, names)
    : aroundValue(expression, calls, names);
  const start = expression.getStart(file);
  const gap =
    start === node.getStart(file) + (ts.isThrowStatement(node) ? 'throw' : 'return').length ? ' ' : '';
  return [before(start, gap + open), after(start, expression.end, close)];
}

/** A block where none is needed could be taken for the body of an arrow function: `(a)` on the line before. */
function isStatementOfList({ parent }: ts.Node): boolean {
  return ts.isBlock(parent) || ts.isCaseOrDefaultClause(parent);
}

/** `return;` */
function nothing({ layout }: CallsPlan, { frame, result }: Names): string {
  return layout === 'wrapped' ? ` ${result}=void 0` : ` void ${frame}?.x()`;
}

function aroundValue(expression: ts.Node, { layout }: CallsPlan, names: Names): readonly [string, string] {
  const [open, close] = assignment(expression, names);
  if (layout === 'wrapped') return [open, close];
  return [open, `${close},${names.frame}?.x(${names.result}),${names.result}`];
}

function aroundError(expression: ts.Node, names: Names): readonly [string, string] {
  const [open, close] = assignment(expression, names);
  return [open, `${close},${names.frame}?.t(${names.result}),${names.result}`];
}

/** The variable's name must not become the name of a function that has none. */
function assignment(expression: ts.Node, { result }: Names): readonly [string, string] {
  if (isAnonymousFunction(expression)) return [`${result}=(0,`, ')'];
  return isSequence(expression) ? [`${result}=(`, ')'] : [`${result}=`, ''];
}

function isSequence(node: ts.Node): boolean {
  return ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.CommaToken;
}
