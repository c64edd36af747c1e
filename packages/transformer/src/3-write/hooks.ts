import { ts } from '../1-parse/typescript.js';
import type { Place } from '../2-plan/point.js';
import type { FunctionPlan, PointPlan, Variable } from '../2-plan/plan.js';
import { arrowInsertions, callInsertions } from './calls.js';
import { type Insertion, after, before } from './insertion.js';
import type { Names } from './names.js';
import { waitInsertions } from './waits.js';

/** All hooks of a function in one body. `field` is the text of its switch field. */
export function inlineInsertions(
  plan: FunctionPlan,
  file: ts.SourceFile,
  field: string,
  names: Names,
): readonly Insertion[] {
  const { body, calls, points } = plan;
  const hooks: HookText = { of: () => `${field}?`, frame: frameIn(plan, names) };
  if (ts.isBlock(body)) {
    return readsSwitchOnce(plan)
      ? readOnceInsertions(plan, body, file, field, names)
      : [
          ...callInsertions(plan, body, file, field, names),
          ...hookInsertions(plan, file, hooks),
          ...waitInsertions(plan, file, names),
        ];
  }
  const [point] = points;
  if (calls === undefined || point === undefined) return hookInsertions(plan, file, hooks);
  return [
    ...arrowInsertions(plan, calls, file, field, names, hookCall(point, hooks)),
    ...waitInsertions(plan, file, names),
  ];
}

/** A function that does not tell of its calls has no frame, and must not pass that of a function around it. */
function frameIn({ calls }: FunctionPlan, { frame }: Names): string | undefined {
  return calls && frame;
}

/** Nothing is armed during a synchronous call; one that can be suspended asks its switch at every line. */
function readsSwitchOnce({ async, generator, calls, points }: FunctionPlan): boolean {
  return !async && !generator && calls !== undefined && points.length > 1;
}

/**
 * `{let $h=S.f3,$o=$h&&(()=>[LIMIT]),$f=$h?.e?.(this,cart),$r; … $h?.l7?.(this,cart,$o,$f); … }`
 *
 * To test a local takes 4 bytecodes, to test the field 10. And a thunk that stands once is compiled once: of what
 * weaving added to terser's heap, half were thunks. Loops ask the field all the same: optimised while it runs, a loop
 * knows that the field is constant, but not what a local was before (fflate: 1.17 with the local, 1.03 with the field).
 */
function readOnceInsertions(
  plan: FunctionPlan,
  body: ts.Block,
  file: ts.SourceFile,
  field: string,
  names: Names,
): readonly Insertion[] {
  const { entry, outers } = names;
  const shared = sharedThunk(plan, outers);
  const thunk = shared === undefined ? '' : `${outers}=${entry}&&(${shared.text}),`;
  return [
    ...callInsertions(plan, body, file, entry, names, `${entry}=${field},${thunk}`),
    ...hookInsertions(plan, file, {
      of: ({ node }) => `${isInLoop(node, body) ? field : entry}?`,
      frame: frameIn(plan, names),
      shared,
    }),
  ];
}

function isInLoop(node: ts.Node, body: ts.Block): boolean {
  const { parent } = node;
  return parent !== body && (ts.isIterationStatement(parent, false) || isInLoop(parent, body));
}

/** What the hooks of a body's lines are made of. */
export interface HookText {
  /** The text that reads the function's hooks at a point: `$p` in a twin, `$dm_….f3?` elsewhere. */
  readonly of: (point: PointPlan) => string;
  /** The local that holds the call's frame, where there is one. */
  readonly frame?: string | undefined;
  /** The thunk that stands at the body's start. */
  readonly shared?: SharedThunk | undefined;
}

/** The hooks of a function's lines. */
export function hookInsertions(
  plan: FunctionPlan,
  file: ts.SourceFile,
  hooks: HookText,
): readonly Insertion[] {
  return plan.points.flatMap((point) => {
    const start = point.node.getStart(file);
    const [open, afterHook, close] = AROUND[point.place];
    return [
      before(start, open + hookCall(point, hooks) + afterHook),
      ...(close === '' ? [] : [after(start, point.node.end, close)]),
    ];
  });
}

/** The text before the hook, between hook and statement or expression, and after that. */
const AROUND: Readonly<Record<Place, readonly [string, string, string]>> = {
  before: ['', ';', ''],
  block: ['{', ';', '}'],
  expression: ['(', ',', ')'],
};

/** `$p.l7?.(this,cart,total,()=>[LIMIT])`, `S.f3?.l7?.(this,cart,total,()=>[LIMIT],$f)` */
export function hookCall(point: PointPlan, { of, frame, shared }: HookText): string {
  const { index, self, locals, outers } = point;
  const values = [self ? 'this' : 'void 0', ...locals.map(nameInCode)];
  if (outers.length > 0) {
    const thunk = thunkOf(outers);
    values.push(thunk === shared?.text ? shared.name : thunk);
  }
  if (frame !== undefined) values.push(frame);
  return `${of(point)}.l${index}?.(${values.join(',')})`;
}

/** A thunk of outer variables that several points have: written once, under a name. */
export interface SharedThunk {
  readonly name: string;
  readonly text: string;
}

/** The thunk that most points of a function have, if naming it makes the text shorter. */
export function sharedThunk({ points }: FunctionPlan, name: string): SharedThunk | undefined {
  const uses = new Map<string, number>();
  for (const { outers } of points) {
    if (outers.length === 0) continue;
    const text = thunkOf(outers);
    uses.set(text, (uses.get(text) ?? 0) + 1);
  }
  const [text, count] = [...uses].sort(([, a], [, b]) => b - a)[0] ?? ['', 0];
  const saved = count * (text.length - name.length) - declarationOf({ name, text }).length;
  return saved > 0 ? { name, text } : undefined;
}

export function declarationOf({ name, text }: SharedThunk): string {
  return `const ${name}=${text};`;
}

function thunkOf(outers: readonly Variable[]): string {
  return `()=>[${outers.map(nameInCode).join(',')}]`;
}

function nameInCode({ binding }: Variable): string {
  return binding.name;
}
