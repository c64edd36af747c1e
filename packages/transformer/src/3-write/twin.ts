import { ts } from '../1-parse/typescript.js';
import { directivesOf } from '../1-parse/directives.js';
import type { Literal } from '../1-parse/literals.js';
import type { FunctionPlan } from '../2-plan/plan.js';
import { hookCall, hookInsertions } from './hooks.js';
import type { Insertion, Piece } from './insertion.js';
import { onOneLine, statementEnds } from './one-line.js';

/** A file as the twins' writer needs it. */
export interface TwinSource {
  readonly code: string;
  readonly file: ts.SourceFile;
  readonly literals: readonly Literal[];
  /** The twin's first parameter: a name the file does not use. */
  readonly hooks: string;
  /** A local that holds the switch field at a function's entry: another name the file does not use. */
  readonly entry: string;
}

/**
 * The second body of a function, written where its first one starts. `enter` is the text of the
 * function's switch field: `$dm_….f0`.
 */
export function twinInsertion(plan: FunctionPlan, enter: string, source: TwinSource): Insertion {
  return ts.isBlock(plan.body)
    ? twinOfBlock(plan, plan.body, enter, source)
    : twinOfExpression(plan, plan.body, enter, source);
}

/**
 * `{const $h=S.f0;if($h!==void 0)return $h(function($p,a){…},this,a);…`
 *
 * The local saves 8 of 45 bytecodes against naming the field twice (Node 20 and 24), and V8 decides by bytecodes
 * what it inlines.
 */
function twinOfBlock(plan: FunctionPlan, body: ts.Block, enter: string, source: TwinSource): Insertion {
  const { code, file, literals, hooks, entry } = source;
  const directive = directivesOf(body.statements).at(-1);
  const start = directive?.end ?? body.getStart(file) + 1;
  // The ends last: where both meet, a statement ends before its block does.
  const inserted = [
    ...hookInsertions(plan, file, hooks),
    ...statementEnds(body, code).filter(({ at }) => at > start),
  ];
  const end = directive !== undefined && code[start - 1] !== ';' ? ';' : '';
  return {
    at: start,
    side: 'before',
    pieces: [
      ours(`${end}const ${entry}=${enter};if(${entry}!==void 0)return ${entry}(${head(plan, hooks)}{`, start),
      ...onOneLine(code, literals, start, body.end - 1, inserted),
      ours(`},${passed(plan)});`, start),
    ],
  };
}

/** `S.f1!==void 0?S.f1(($p,x)=>{…;return expr},void 0,x):expr` */
function twinOfExpression(plan: FunctionPlan, body: ts.Node, enter: string, source: TwinSource): Insertion {
  const { code, file, literals, hooks } = source;
  const start = body.getStart(file);
  const hook = plan.points.map((point) => `${hookCall(point, hooks)};`).join('');
  return {
    at: start,
    side: 'before',
    pieces: [
      ours(`${enter}!==void 0?${enter}(${head(plan, hooks)}{${hook}return `, start),
      ...onOneLine(code, literals, start, body.end, statementEnds(body, code)),
      ours(`},${passed(plan)}):`, start),
    ],
  };
}

/** An arrow function's twin is an arrow function too: `this` stays what it is. */
function head({ kind, parameters }: FunctionPlan, hooks: string): string {
  const list = `(${[hooks, ...parameters.map(({ name }) => name)].join(',')})`;
  return kind === 'arrow' ? `${list}=>` : `function${list}`;
}

function passed({ self, parameters }: FunctionPlan): string {
  return [self ? 'this' : 'void 0', ...parameters.map(({ name }) => name)].join(',');
}

function ours(text: string, origin: number): Piece {
  return { text, origin };
}
