import { ts } from '../1-parse/typescript.js';
import { directivesOf } from '../1-parse/directives.js';
import type { Literal } from '../1-parse/literals.js';
import type { FunctionPlan } from '../2-plan/plan.js';
import {
  type HookText,
  declarationOf,
  hookCall,
  hookInsertions,
  inlineInsertions,
  sharedThunk,
} from './hooks.js';
import { type Insertion, type Piece, inTextOrder } from './insertion.js';
import type { Names } from './names.js';
import { onOneLine, statementEnds } from './one-line.js';

/** A file as the twins' writer needs it. */
export interface TwinSource {
  readonly code: string;
  readonly file: ts.SourceFile;
  readonly literals: readonly Literal[];
  readonly names: Names;
  /** The text of a function's switch field: `$dm_….f0`. */
  readonly fieldOf: (plan: FunctionPlan) => string;
}

/**
 * The second body of a function, written where its first one starts.
 * @param inner the woven functions in it
 */
export function twinInsertion(
  plan: FunctionPlan,
  inner: readonly FunctionPlan[],
  source: TwinSource,
): Insertion {
  const { file, names, fieldOf } = source;
  const copies = inner.flatMap((woven) => inlineInsertions(woven, file, fieldOf(woven), names));
  return ts.isBlock(plan.body)
    ? twinOfBlock(plan, plan.body, copies, source)
    : twinOfExpression(plan, plan.body, copies, source);
}

/**
 * `{const $h=S.f0;if($h!==void 0)return $h(function($p,a){…},this,a);…`
 *
 * The local saves 8 of 45 bytecodes against naming the field twice (Node 20 and 24), and V8 decides by bytecodes
 * what it inlines.
 */
function twinOfBlock(
  plan: FunctionPlan,
  body: ts.Block,
  copies: readonly Insertion[],
  source: TwinSource,
): Insertion {
  const { code, file, literals, names, fieldOf } = source;
  const { hooks, entry } = names;
  const directive = directivesOf(body.statements).at(-1);
  const start = directive?.end ?? body.getStart(file) + 1;
  const shared = sharedThunk(plan, names.outers);
  // The ends last: where both meet, a statement ends before its block does.
  const inserted = [
    ...hookInsertions(plan, file, { of: () => hooks, shared }),
    ...copies,
    ...statementEnds(body, file).filter(({ at }) => at > start),
  ];
  const end = directive !== undefined && code[start - 1] !== ';' ? ';' : '';
  const enter = `${end}const ${entry}=${fieldOf(plan)};if(${entry}!==void 0)return ${entry}(`;
  return opening(start, [
    ours(`${enter}${head(plan, hooks)}{${shared ? declarationOf(shared) : ''}`, start),
    ...onOneLine(code, literals, start, body.end - 1, inTextOrder(inserted)),
    ours(`},${passed(plan)});`, start),
  ]);
}

/** `S.f1!==void 0?S.f1(($p,x)=>{…;return expr},void 0,x):expr` */
function twinOfExpression(
  plan: FunctionPlan,
  body: ts.Node,
  copies: readonly Insertion[],
  source: TwinSource,
): Insertion {
  const { code, file, literals, names, fieldOf } = source;
  const start = body.getStart(file);
  const hooks: HookText = { of: () => names.hooks };
  const hook = plan.points.map((point) => `${hookCall(point, hooks)};`).join('');
  const inserted = [...copies, ...statementEnds(body, file)];
  return opening(start, [
    ours(`${fieldOf(plan)}!==void 0?${fieldOf(plan)}(${head(plan, names.hooks)}{${hook}return `, start),
    ...onOneLine(code, literals, start, body.end, inTextOrder(inserted)),
    ours(`},${passed(plan)}):`, start),
  ]);
}

/** An arrow function's twin is an arrow function too: `this` stays what it is. */
function head(plan: FunctionPlan, hooks: string): string {
  const list = `(${[hooks, ...handedOver(plan)].join(',')})`;
  return plan.kind === 'arrow' ? `${list}=>` : `function${list}`;
}

function passed(plan: FunctionPlan): string {
  return [plan.self ? 'this' : 'void 0', ...handedOver(plan)].join(',');
}

/** Mentioned in the twin as it is, a function expression's own name would move from a register to the heap. */
function handedOver({ parameters, ownName }: FunctionPlan): readonly string[] {
  const names = parameters.map(({ name }) => name);
  return ownName === undefined ? names : [...names, ownName];
}

function opening(at: number, pieces: readonly Piece[]): Insertion {
  return { at, side: 'before', from: at, pieces };
}

function ours(text: string, origin: number): Piece {
  return { text, origin };
}
